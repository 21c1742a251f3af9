package org.grokscope.environment;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;

/** A walk through every page of the committed notebooks, with the network off. */
@Order(1)
class SiteWalkIT {
  private static final Path NOTEBOOKS = VirtualEnvironment.PROJECT.resolve("notebooks");

  @Test
  void every_page_can_be_read_by_day_and_night_on_a_phone_and_without_a_mouse() throws Exception {
    Path site = PublishedSite.ofTheCommittedNotebooks();
    List<Path> pages;
    try (Stream<Path> files = Files.list(site)) {
      pages = files.filter(file -> file.toString().endsWith(".html")).sorted().toList();
    }
    try (Stream<Path> files = Files.list(NOTEBOOKS)) {
      long notebooks = files.filter(file -> file.toString().endsWith(".ipynb")).count();
      assertTrue(notebooks > 0, "no notebooks");
      assertEquals(
          notebooks + 4,
          pages.size(),
          "pages, their index, the verdicts, the glossary and the one that trains");
    }
    SiteWalk walk;
    try (Browser browser = Browser.start()) {
      walk = new SiteWalk(browser, site);
      for (Path page : pages) {
        walk.through(page);
      }
    }
    assertEquals(List.of(), walk.problems());
    assertTrue(walk.moved() > 0, "nothing on any page moves");
    assertTrue(walk.formulas() > 0, "no formula on any page");
    assertTrue(walk.withoutSpace() > 0, "no page without a figure in three dimensions");
  }
}
