// Asks for a new value of a register or a field: by name where the data sheet has names, else as a number.
import * as vscode from "vscode";
import type { FieldValue, RegisterValue } from "../../simulator/protocol.ts";
import { numberOf, writeSentence } from "./register-words.ts";

type Editable = Pick<RegisterValue, "value" | "width" | "access" | "writeEffect"> & Pick<FieldValue, "values">;

/** Undefined: nothing is to be written. */
export async function askForValue(name: string, it: Editable, shown: string): Promise<string | undefined> {
  const prompt = writeSentence(it);
  if (it.values === undefined && it.width > 1) return askForNumber(name, it, shown, prompt);
  const values = it.values ?? { 0: "", 1: "" };
  const another = { label: vscode.l10n.t("Another value…"), value: undefined };
  const items = Object.entries(values).map(([value, meaning]) => ({
    label: meaning || value,
    description: meaning ? value : "",
    value,
  }));
  const picked = await vscode.window.showQuickPick(items.length < 2 ** it.width ? [...items, another] : items, {
    title: titleOf(name, it, shown),
    placeHolder: prompt,
  });
  return picked === another ? askForNumber(name, it, shown, prompt) : picked?.value;
}

async function askForNumber(name: string, it: Editable, shown: string, prompt: string): Promise<string | undefined> {
  const isKnown = numberOf(it.value) !== undefined;
  // A 1 in what is there already would do something.
  const isPlain = it.writeEffect === undefined || it.writeEffect === "modify";
  const value = await vscode.window.showInputBox({
    title: titleOf(name, it, shown),
    prompt: vscode.l10n.t("{0} Hexadecimal (0x1f), binary (0b1_1111) or decimal.", prompt),
    value: isKnown && isPlain ? shown : "",
    validateInput: (text) => problemOf(text, it.width),
  });
  return value === undefined ? undefined : String(numberOf(value));
}

function problemOf(text: string, width: number): string | undefined {
  const number = numberOf(text);
  if (number === undefined) return vscode.l10n.t("Write a number: 0x1f, 0b1_1111 or 31.");
  if (number < 1n << BigInt(width)) return undefined;
  return vscode.l10n.t("It has {0} bits: at most 0x{1}.", width, ((1n << BigInt(width)) - 1n).toString(16));
}

function titleOf(name: string, { value }: Editable, shown: string): string {
  if (numberOf(value) === undefined) return vscode.l10n.t("Write {0}", name);
  return vscode.l10n.t("Write {0}, which is {1}", name, shown);
}
