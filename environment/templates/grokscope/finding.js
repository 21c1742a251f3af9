// How the index of the search is made, while publishing, and how it is asked, in a browser.
globalThis.grokscopeFinding = (function () {
  "use strict";
  // a word; where words have no blanks between them, a character
  const TERM = /\p{Script=Han}|(?:(?!\p{Script=Han})[\p{L}\p{M}\p{N}])+/gu;
  const OPTIONS = {
    fields: ["title", "more"],
    storeFields: ["title", "page", "address"],
    tokenize: (text) => text.match(TERM) || [],
    searchOptions: {
      combineWith: "AND",
      boost: { title: 3 },
      prefix: true,
      fuzzy: (term) => (term.length > 4 ? 0.2 : false),
    },
  };
  return {
    build: function (entries) {
      const made = new MiniSearch(OPTIONS);
      made.addAll(entries);
      return made.toJSON();
    },
    /** A function from words to what was found, best first. */
    read: function (index) {
      const made = MiniSearch.loadJS(index, OPTIONS);
      return (words) => made.search(words);
    },
  };
})();
