package org.grokscope.notebook;

import java.lang.reflect.Field;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.Function;

/**
 * The kernel that runs the cells, JJava or IJava.
 *
 * <p>Both descend from one code base and differ by package prefix, and JJava's versions differ in
 * return types; so nothing here is compiled against either, and types are found by following the
 * kernel's own methods.
 */
final class Kernel {
  /** The static method of each kernel that gives the running kernel. */
  private static final Map<String, String> ENTRANCES =
      Map.of(
          "org.dflib.jjava.jupyter.kernel.BaseKernel", "notebookKernel",
          "io.github.spencerpark.ijava.IJava", "getKernelInstance");

  /** A place in a cell's output that can be drawn anew. */
  @FunctionalInterface
  interface Place {
    void redraw(MimeBundle bundle);
  }

  private final Object kernel;
  private final Object renderer;
  private final Class<?> displayData;

  /**
   * @param kernel a BaseKernel of JJava or IJava
   */
  Kernel(Object kernel) {
    this.kernel = kernel;
    this.renderer = call(kernel, "getRenderer");
    this.displayData = method(renderer, "render", Object.class).getReturnType();
  }

  /** The kernel of this process, or empty outside a notebook. */
  static Optional<Kernel> running() {
    return ENTRANCES.entrySet().stream()
        .flatMap(entrance -> running(entrance.getKey(), entrance.getValue()).stream())
        .findFirst();
  }

  private static Optional<Kernel> running(String className, String method) {
    try {
      Class<?> entrance = Class.forName(className, true, Kernel.class.getClassLoader());
      return Optional.ofNullable(entrance.getMethod(method).invoke(null)).map(Kernel::new);
    } catch (ReflectiveOperationException e) {
      return Optional.empty(); // not this kernel, or none is running
    }
  }

  boolean is(Kernel other) {
    return kernel == other.kernel;
  }

  /** Renders every value of a type, wherever the kernel meets one, in the given MIME types. */
  <T> void render(Class<T> type, Set<String> mimeTypes, Function<T, MimeBundle> how) {
    Object registration =
        invoke(renderer, method(renderer, "createRegistration", Class.class), type);
    invoke(
        registration,
        method(registration, "preferring", String[].class),
        (Object) mimeTypes.toArray(new String[0]));
    Method register =
        Arrays.stream(registration.getClass().getMethods())
            .filter(method -> method.getName().equals("register"))
            .findFirst()
            .orElseThrow(() -> unknown(registration, "register"));
    Class<?> renderFunction = register.getParameterTypes()[0];
    InvocationHandler handler =
        (proxy, called, arguments) ->
            switch (called.getName()) {
              case "render" -> {
                fill(arguments[1], how.apply(type.cast(arguments[0])));
                yield null;
              }
              case "equals" -> proxy == arguments[0];
              case "hashCode" -> System.identityHashCode(proxy);
              default -> "renderer of " + type.getSimpleName();
            };
    invoke(
        registration,
        register,
        Proxy.newProxyInstance(
            renderFunction.getClassLoader(), new Class<?>[] {renderFunction}, handler));
  }

  /** Puts what is asked for into a render context. */
  private static void fill(Object context, MimeBundle bundle) {
    Object output = call(context, "getOutputContainer");
    Method wanted =
        Arrays.stream(context.getClass().getMethods())
            .filter(method -> method.getName().equals("wantsDataRenderedAs"))
            .findFirst()
            .orElseThrow(() -> unknown(context, "wantsDataRenderedAs"));
    Method parse = method(wanted.getParameterTypes()[0], "parse", String.class);
    bundle
        .data()
        .forEach(
            (type, content) -> {
              if ((Boolean) invoke(context, wanted, invoke(null, parse, type))) {
                put(output, type, content);
              }
            });
  }

  /** Runs lines of Java as a part of the running cell, whose later lines see what they declare. */
  void run(String lines) {
    invoke(kernel, method(kernel, "eval", String.class), lines);
  }

  /** Shows a value now, as if a cell had ended with it. */
  void display(Object value) {
    display(invoke(renderer, method(renderer, "render", Object.class), value), displayData);
  }

  private void display(Object data, Class<?> type) {
    invoke(kernel, method(kernel, "display", type), data);
  }

  /** Shows a bundle in a new place of the running cell's output. */
  Place open(MimeBundle first) {
    String id = UUID.randomUUID().toString();
    Object stream = field(call(kernel, "getIO"), "display");
    Object cell = cell(stream);
    uninterrupted(() -> display(data(first, id), displayData));
    return bundle -> uninterrupted(() -> update(stream, cell, data(bundle, id)));
  }

  /**
   * An interrupted cell is over for the kernel before its code has ended, and whatever the code
   * shows after that goes nowhere; unless it is addressed to that cell itself.
   */
  private static void update(Object stream, Object cell, Object data) {
    if (cell == null) {
      invoke(stream, method(stream, "updateDisplay", data.getClass()), data);
      return;
    }
    String prefix = stream.getClass().getName().replace(".kernel.DisplayStream", "");
    try {
      Object message =
          Class.forName(
                  prefix + ".messages.publish.PublishUpdateDisplayData",
                  true,
                  stream.getClass().getClassLoader())
              .getConstructor(data.getClass())
              .newInstance(data);
      Method publish =
          Arrays.stream(cell.getClass().getMethods())
              .filter(method -> method.getName().equals("publish"))
              .filter(method -> method.getParameterTypes()[0].isInstance(message))
              .findFirst()
              .orElseThrow(() -> unknown(cell, "publish"));
      invoke(cell, publish, message);
    } catch (ReflectiveOperationException e) {
      throw unknown(stream, "PublishUpdateDisplayData", e);
    }
  }

  /** The reply environment of the running cell, or null where the kernel does not show it. */
  private static Object cell(Object stream) {
    try {
      Field environment = stream.getClass().getDeclaredField("env");
      environment.setAccessible(true);
      return environment.get(stream);
    } catch (ReflectiveOperationException | RuntimeException e) {
      return null;
    }
  }

  /** Sends with the interrupt flag put aside: sockets close when an interrupted thread writes. */
  private static void uninterrupted(Runnable sending) {
    boolean interrupted = Thread.interrupted();
    try {
      sending.run();
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  private Object data(MimeBundle bundle, String id) {
    try {
      Object data = displayData.getConstructor().newInstance();
      bundle.data().forEach((type, content) -> put(data, type, content));
      invoke(data, method(data, "setDisplayId", String.class), id);
      return data;
    } catch (ReflectiveOperationException e) {
      throw unknown(renderer, displayData.getName(), e);
    }
  }

  private static void put(Object displayData, String type, Object content) {
    invoke(displayData, method(displayData, "putData", String.class, Object.class), type, content);
  }

  private static Object field(Object target, String name) {
    try {
      return target.getClass().getField(name).get(target);
    } catch (ReflectiveOperationException e) {
      throw unknown(target, name, e);
    }
  }

  private static Object call(Object target, String name) {
    return invoke(target, method(target, name));
  }

  private static Method method(Object target, String name, Class<?>... parameters) {
    Class<?> type = target instanceof Class<?> itself ? itself : target.getClass();
    try {
      return type.getMethod(name, parameters);
    } catch (NoSuchMethodException e) {
      throw unknown(type, name, e);
    }
  }

  private static Object invoke(Object target, Method method, Object... arguments) {
    try {
      return method.invoke(target, arguments);
    } catch (InvocationTargetException e) {
      throw e.getCause() instanceof RuntimeException cause
          ? cause
          : new IllegalStateException("kernel: " + method.getName() + " failed", e.getCause());
    } catch (IllegalAccessException e) {
      throw unknown(method.getDeclaringClass(), method.getName(), e);
    }
  }

  private static IllegalStateException unknown(Object target, String name) {
    return unknown(target, name, null);
  }

  private static IllegalStateException unknown(Object target, String name, Exception cause) {
    Class<?> type = target instanceof Class<?> itself ? itself : target.getClass();
    return new IllegalStateException(
        "kernel: got "
            + type.getName()
            + " without "
            + name
            + ", expected JJava 1.0 or IJava 1.3; install the kernel that environment/grokscope"
            + " installs",
        cause);
  }
}
