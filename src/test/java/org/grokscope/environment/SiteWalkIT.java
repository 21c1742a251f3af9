package org.grokscope.environment;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;

/** A walk through every page of the committed notebooks, with the network off. */
@Order(1)
class SiteWalkIT {
  private static final Path NOTEBOOKS = VirtualEnvironment.PROJECT.resolve("notebooks");
  private static final int READERS = 2; // side by side

  @Test
  void every_page_can_be_read_by_day_and_night_on_a_phone_and_without_a_mouse() throws Exception {
    Path site = PublishedSite.ofTheCommittedNotebooks();
    Queue<Path> pages = new ConcurrentLinkedQueue<>();
    try (Stream<Path> files = Files.list(site)) {
      files.filter(file -> file.toString().endsWith(".html")).sorted().forEach(pages::add);
    }
    try (Stream<Path> files = Files.list(NOTEBOOKS)) {
      long notebooks = files.filter(file -> file.toString().endsWith(".ipynb")).count();
      assertTrue(notebooks > 0, "no notebooks");
      assertEquals(
          notebooks + 4,
          pages.size(),
          "pages, their index, the verdicts, the glossary and the one that trains");
    }
    Callable<SiteWalk> reader =
        () -> {
          try (Browser browser = Browser.start()) {
            SiteWalk walk = new SiteWalk(browser, site);
            for (Path page = pages.poll(); page != null; page = pages.poll()) {
              walk.through(page);
            }
            return walk;
          }
        };
    List<String> problems = new ArrayList<>();
    int moved = 0;
    int formulas = 0;
    int withoutSpace = 0;
    ExecutorService readers = Executors.newFixedThreadPool(READERS);
    try {
      List<Future<SiteWalk>> walks = new ArrayList<>();
      for (int i = 0; i < READERS; i++) {
        walks.add(readers.submit(reader));
      }
      for (Future<SiteWalk> walk : walks) {
        problems.addAll(walk.get().problems());
        moved += walk.get().moved();
        formulas += walk.get().formulas();
        withoutSpace += walk.get().withoutSpace();
      }
    } finally {
      readers.shutdownNow();
    }
    assertEquals(List.of(), problems);
    assertTrue(moved > 0, "nothing on any page moves");
    assertTrue(formulas > 0, "no formula on any page");
    assertTrue(withoutSpace > 0, "no page without a figure in three dimensions");
  }
}
