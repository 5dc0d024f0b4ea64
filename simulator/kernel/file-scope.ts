// File scope as a function with an address, so that it is called and stepped like any other.
import type { Engine } from "../engine/engine.ts";
import type { Image } from "../engine/interfaces.ts";

/** The address of what runs a program's file scope, under the name `<module>`. */
export function fileScope(engine: Engine, image: Image): number {
  const start: Image = {
    program: image.program,
    breakpoints: image.breakpoints,
    call: () => image.start(),
    start: () => image.start(),
    globals: () => image.globals(),
  };
  return engine.addFunction(start, "<module>", undefined);
}
