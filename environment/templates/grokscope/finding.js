// How the index of the search is made, while publishing, and how it is asked, in a browser.
globalThis.grokscopeFinding = (function () {
  "use strict";
  // a word, or a run of characters where words have no blanks between them
  const RUN = /\p{Script=Han}+|(?:(?!\p{Script=Han})[\p{L}\p{M}\p{N}])+/gu;
  const HAN = /^\p{Script=Han}/u;
  /** Each pair of neighbours in a run: what is asked for has to stand side by side. */
  function pairs(run) {
    const letters = Array.from(run);
    return letters.length < 2 ? letters : letters.slice(1).map((letter, i) => letters[i] + letter);
  }
  function terms(text, ofRun) {
    return (text.match(RUN) || []).flatMap((run) => (HAN.test(run) ? ofRun(run) : [run]));
  }
  const OPTIONS = {
    fields: ["title", "more"],
    storeFields: ["title", "page", "address"],
    tokenize: (text) => terms(text, (run) => [...run, ...(run.length > 1 ? pairs(run) : [])]),
    searchOptions: {
      tokenize: (text) => terms(text, pairs),
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
