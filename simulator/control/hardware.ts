// Finds the devices that a driver is to run with: those of the machine by name, and the user's own by their files.
import type { Problem, Program } from "../engine/interfaces.ts";
import type { Recipe } from "../machine.ts";

/** What a list of devices means: names, programs, peripherals of SVD files. */
export interface HardwareChoice {
  readonly recipe: Pick<Recipe, "devices" | "devicePrograms" | "svd">;
  readonly problems: readonly Problem[];
}

/** How files are read and compiled, and relative paths resolved. */
export interface Reading {
  read(path: string): string | undefined;
  compile(path: string): Program;
  resolve(path: string): string;
}

/** `ns16550a`, `./counter.ts` or `chip.svd#UART0`. */
const OWN_FILE = /\.ts$/;
const SVD_FILE = /^(.+\.svd)#([^#]+)$/i;

/** `// devices: ns16550a, ./counter.ts` in the first lines of a driver or its scenario. */
export function devicesNamedIn(text: string): readonly string[] | undefined {
  const head = text.split("\n", 20).join("\n");
  const list = /^\/\/ devices: (.+)$/m.exec(head)?.[1];
  return list === undefined ? undefined : listed(list);
}

export function listed(text: string): readonly string[] {
  return text
    .split(",")
    .map((one) => one.trim())
    .filter((one) => one !== "");
}

/** `at`: the file that a device is complained of in when it is not there. */
export function chooseHardware(wanted: readonly string[], at: string, reading: Reading): HardwareChoice {
  const devices: string[] = [];
  const devicePrograms: Program[] = [];
  const svd: NonNullable<Recipe["svd"]>[number][] = [];
  const problems: Problem[] = [];
  const missing = (path: string): void => {
    problems.push({ file: at, line: 1, column: 1, message: `there is no device ${path}: no such file` });
  };
  for (const one of wanted) {
    const [, file, peripheral] = SVD_FILE.exec(one) ?? [];
    if (file !== undefined) {
      const text = reading.read(reading.resolve(file));
      if (text === undefined) missing(file);
      else svd.push({ file: reading.resolve(file), text, peripheral: peripheral! });
    } else if (OWN_FILE.test(one)) {
      if (reading.read(reading.resolve(one)) === undefined) missing(one);
      else devicePrograms.push(reading.compile(reading.resolve(one)));
    } else devices.push(one);
  }
  return { recipe: { devices, devicePrograms, svd }, problems };
}
