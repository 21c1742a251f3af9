package org.grokscope.environment;

import java.util.ArrayList;
import java.util.List;

/**
 * What a browser found on a page.
 *
 * @param name the page's file name
 * @param figures places for figures on the page
 * @param drawn figures that the browser drew, with marks for their traces
 * @param failed requests that failed, with the reason
 * @param outside requests for anything that is not in the site's folder
 * @param errors exceptions, and errors on the console
 */
record PublishedPage(
    String name,
    int figures,
    int drawn,
    List<String> failed,
    List<String> outside,
    List<String> errors) {

  PublishedPage {
    failed = List.copyOf(failed);
    outside = List.copyOf(outside);
    errors = List.copyOf(errors);
  }

  /** Everything that a reader would miss, one line each; empty for a page that works. */
  List<String> problems() {
    List<String> problems = new ArrayList<>();
    if (drawn != figures) {
      problems.add(name + ": " + drawn + " of " + figures + " figures drawn");
    }
    failed.forEach(request -> problems.add(name + ": failed request " + request));
    outside.forEach(request -> problems.add(name + ": request outside the site " + request));
    errors.forEach(error -> problems.add(name + ": " + error));
    return problems;
  }
}
