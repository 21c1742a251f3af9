package org.grokscope.notebook;

import java.lang.reflect.Field;
import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** A kernel of either kind with no client, and what its running cell has published. */
abstract class CellFixture {

  /**
   * One message to the client.
   *
   * @param type of the message, such as PublishDisplayData
   * @param id of the display, or null
   * @param data by MIME type
   */
  record Published(String type, Object id, Map<?, ?> data) {}

  private final List<Published> published = new ArrayList<>();

  /** A BaseKernel. */
  abstract Object kernel();

  /** Its renderer's bundle for a value. */
  abstract Object render(Object value);

  /** Its renderer's bundle for a value, in one type only. */
  abstract Object renderAs(Object value, String type);

  /** A reply environment that calls {@link #publish}. */
  abstract Object environment();

  final void publish(Object content) {
    published.add(new Published(content.getClass().getSimpleName(), id(content), data(content)));
  }

  final List<Published> published() {
    return published;
  }

  /** A cell begins: from now on displays go to it. */
  final Object enterCell() throws ReflectiveOperationException {
    Object environment = environment();
    cell("setEnv", environment);
    return environment;
  }

  /** The cell is over for the kernel, though its code may still run. */
  final void leaveCell(Object environment) throws ReflectiveOperationException {
    cell("retractEnv", environment);
  }

  private void cell(String method, Object environment) throws ReflectiveOperationException {
    Object io = kernel().getClass().getMethod("getIO").invoke(kernel());
    Object stream = io.getClass().getField("display").get(io);
    for (Method declared : stream.getClass().getDeclaredMethods()) {
      if (declared.getName().equals(method)) {
        declared.setAccessible(true);
        declared.invoke(stream, environment);
        return;
      }
    }
    throw new NoSuchMethodException(method);
  }

  static Map<?, ?> data(Object displayData) {
    return (Map<?, ?>) inherited(displayData, "data");
  }

  private static Object id(Object displayData) {
    Map<?, ?> transients = (Map<?, ?>) inherited(displayData, "transientData");
    return transients == null ? null : transients.get("display_id");
  }

  private static Object inherited(Object target, String name) {
    for (Class<?> type = target.getClass(); type != null; type = type.getSuperclass()) {
      try {
        Field field = type.getDeclaredField(name);
        field.setAccessible(true);
        return field.get(target);
      } catch (NoSuchFieldException e) {
        continue; // one class further up
      } catch (IllegalAccessException e) {
        throw new IllegalStateException(e);
      }
    }
    throw new IllegalStateException(target.getClass() + " has no field " + name);
  }
}
