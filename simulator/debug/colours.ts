// Colours of the kernel log by level, as dmesg --color has them.

const RESET = "\u001b[0m";
const TIME = "\u001b[32m";
/** Emergencies, alerts and critical messages; errors; warnings; notices; debug messages. */
const colours: Readonly<Record<number, string>> = {
  0: "\u001b[1;31m",
  1: "\u001b[1;31m",
  2: "\u001b[1;31m",
  3: "\u001b[31m",
  4: "\u001b[33m",
  5: "\u001b[1m",
  7: "\u001b[2m",
};

/** The time in green, the message in the colour of its level (include/linux/kern_levels.h). */
export function coloured(text: string, level: number): string {
  const [, time = "", message = ""] = /^(\[ *\d+\.\d+\] ?)?(.*)$/s.exec(text) ?? [];
  const shown = time === "" ? "" : `${TIME}${time}${RESET}`;
  const colour = colours[level];
  return colour === undefined || message === "" ? shown + message : `${shown}${colour}${message}${RESET}`;
}
