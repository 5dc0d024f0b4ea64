// What the data sheet's words for registers mean to people, and numbers as people write and read them.
import * as vscode from "vscode";
import type { FieldValue, RegisterValue } from "../../simulator/protocol.ts";

export type NumberFormat = "hex" | "binary" | "decimal";

type Words = Pick<FieldValue, "access" | "writeEffect" | "readEffect">;

/** `read only`, `write 1 to clear`. */
export function accessWords({ access, writeEffect }: Words): string {
  switch (access) {
    case "read-only":
      return vscode.l10n.t("read only");
    case "writeOnce":
    case "read-writeOnce":
      return vscode.l10n.t("write once");
  }
  const effect = shortEffect(writeEffect);
  if (access !== "write-only") return effect ?? vscode.l10n.t("read/write");
  return effect === undefined ? vscode.l10n.t("write only") : vscode.l10n.t("write only, {0}", effect);
}

function shortEffect(writeEffect: string | undefined): string | undefined {
  switch (writeEffect) {
    case "oneToClear":
      return vscode.l10n.t("write 1 to clear");
    case "oneToSet":
      return vscode.l10n.t("write 1 to set");
    case "oneToToggle":
      return vscode.l10n.t("write 1 to toggle");
    case "zeroToClear":
      return vscode.l10n.t("write 0 to clear");
    case "zeroToSet":
      return vscode.l10n.t("write 0 to set");
    case "zeroToToggle":
      return vscode.l10n.t("write 0 to toggle");
    case "clear":
      return vscode.l10n.t("a write clears it");
    case "set":
      return vscode.l10n.t("a write sets it");
    default:
      return undefined;
  }
}

/** What a write does, as a sentence. */
export function writeSentence({ access, writeEffect }: Words): string {
  if (access === "writeOnce" || access === "read-writeOnce") {
    return vscode.l10n.t("It takes the first write after a reset, and no other.");
  }
  switch (writeEffect) {
    case "oneToClear":
      return vscode.l10n.t("Each bit written as 1 is cleared; bits written as 0 stay as they are.");
    case "oneToSet":
      return vscode.l10n.t("Each bit written as 1 is set; bits written as 0 stay as they are.");
    case "oneToToggle":
      return vscode.l10n.t("Each bit written as 1 is inverted; bits written as 0 stay as they are.");
    case "zeroToClear":
      return vscode.l10n.t("Each bit written as 0 is cleared; bits written as 1 stay as they are.");
    case "zeroToSet":
      return vscode.l10n.t("Each bit written as 0 is set; bits written as 1 stay as they are.");
    case "zeroToToggle":
      return vscode.l10n.t("Each bit written as 0 is inverted; bits written as 1 stay as they are.");
    case "clear":
      return vscode.l10n.t("Any write clears it, whatever is written.");
    case "set":
      return vscode.l10n.t("Any write sets it, whatever is written.");
    default:
      return access === "write-only"
        ? vscode.l10n.t("It is write only: what was written cannot be read back.")
        : vscode.l10n.t("The device takes the write as it would from a driver.");
  }
}

/** What a driver's read does besides reading. */
export function readSentence({ readEffect }: Words): string | undefined {
  switch (readEffect) {
    case undefined:
      return undefined;
    case "clear":
      return vscode.l10n.t("A driver's read clears it; this view never reads it, it only looks.");
    case "set":
      return vscode.l10n.t("A driver's read sets it; this view never reads it, it only looks.");
    default:
      return vscode.l10n.t("A driver's read changes the device; this view never reads it, it only looks.");
  }
}

/** A value as the adapter gave it, in another base; what is no number stays as it is. */
export function formatted(value: string, { width }: Pick<RegisterValue, "width">, format?: NumberFormat): string {
  const number = numberOf(value);
  if (format === undefined || number === undefined) return value;
  if (format === "decimal") return String(number);
  if (format === "hex") return `0x${number.toString(16).padStart(Math.ceil(width / 4), "0")}`;
  const digits = number.toString(2).padStart(width, "0");
  return `0b${digits.replaceAll(/\B(?=(?:\d{4})+$)/g, "_")}`;
}

/** `0x1f`, `0b1_1111`, `31`. */
export function numberOf(text: string): bigint | undefined {
  const plain = text.trim().replaceAll("_", "");
  return /^(0x[0-9a-f]+|0b[01]+|0o[0-7]+|\d+)$/i.test(plain) ? BigInt(plain) : undefined;
}
