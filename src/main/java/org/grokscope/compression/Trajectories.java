package org.grokscope.compression;

import java.util.ArrayList;
import java.util.List;
import org.grokscope.task.RandomStream;

/**
 * Bodies that are pushed, each with its own mass and force, and where they were seen:
 *
 * <pre>
 *   x(t) = x0 + v0 t + F/(2m) t² + noise,   t = 0, 0.1 … 4.9,   written to the centimetre
 * </pre>
 *
 * <p>Masses from 0.5 to 5 and forces from 1 to 10, uniform on a logarithmic scale; starts from −10
 * to 10, speeds from −5 to 5. Mass and force stand beside each track and cost no code anything.
 *
 * @param tracks one a body
 */
public record Trajectories(List<Track> tracks) {
  /** Places seen of each body. */
  public static final int POINTS = 50;

  /** Time from one to the next. */
  public static final double INTERVAL = 0.1;

  /** A place is written as a whole number of these. */
  public static final double RESOLUTION = 0.01;

  /**
   * One body.
   *
   * @param force on it
   * @param mass of it
   * @param places [POINTS], in units of the resolution
   */
  public record Track(double force, double mass, List<Integer> places) {
    public Track {
      places = List.copyOf(places);
    }
  }

  /**
   * @throws IllegalArgumentException if there is no track
   */
  public Trajectories {
    tracks = List.copyOf(tracks);
    if (tracks.isEmpty()) {
      throw new IllegalArgumentException("trajectories: got none, expected at least one");
    }
  }

  /**
   * Simulates bodies.
   *
   * @param count how many, at least 1
   * @param noise standard deviation of each sighting, 0 or more
   * @param seed equal seeds give equal tracks for ever
   */
  public static Trajectories simulate(int count, double noise, long seed) {
    if (count < 1 || !(noise >= 0)) {
      throw new IllegalArgumentException(
          "trajectories: got "
              + count
              + " bodies and noise "
              + noise
              + ", expected at least one body and noise of 0 or more");
    }
    RandomStream random = RandomStream.of(seed, "trajectories");
    List<Track> tracks = new ArrayList<>();
    for (int body = 0; body < count; body++) {
      double mass = 0.5 * Math.pow(10, random.nextDouble());
      double force = Math.pow(10, random.nextDouble());
      double start = 20 * random.nextDouble() - 10;
      double speed = 10 * random.nextDouble() - 5;
      List<Integer> places = new ArrayList<>();
      for (int i = 0; i < POINTS; i++) {
        double t = i * INTERVAL;
        double x = start + speed * t + force / (2 * mass) * t * t + noise * random.nextGaussian();
        places.add((int) Math.rint(x / RESOLUTION));
      }
      tracks.add(new Track(force, mass, places));
    }
    return new Trajectories(tracks);
  }

  /**
   * The first bodies.
   *
   * @throws IllegalArgumentException if there are not so many
   */
  public Trajectories first(int count) {
    if (count < 1 || count > tracks.size()) {
      throw new IllegalArgumentException(
          "trajectories: got the first " + count + ", expected 1 to " + tracks.size());
    }
    return new Trajectories(tracks.subList(0, count));
  }

  /** The same tracks, forces and masses dealt out anew: no law holds between them any more. */
  public Trajectories withShuffledForces(long seed) {
    int[] order = new int[tracks.size()];
    for (int i = 0; i < order.length; i++) {
      order[i] = i;
    }
    RandomStream.of(seed, "forces").shuffle(order);
    List<Track> shuffled = new ArrayList<>();
    for (int i = 0; i < order.length; i++) {
      Track other = tracks.get(order[i]);
      shuffled.add(new Track(other.force(), other.mass(), tracks.get(i).places()));
    }
    return new Trajectories(shuffled);
  }

  /** How many bodies. */
  public int count() {
    return tracks.size();
  }

  /** All places, track after track, [count · POINTS]. */
  int[] places() {
    return tracks.stream()
        .flatMap(track -> track.places().stream())
        .mapToInt(Integer::intValue)
        .toArray();
  }
}
