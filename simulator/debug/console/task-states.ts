// The states of tasks as ps shows them.
import type { Task } from "../../engine/task.ts";

/** R runs or is ready, S waits; what for, after a comma. */
export function stateOf({ state, waitingOn }: Task): { readonly state: "R" | "S"; readonly waiting: string } {
  const isWaiting = state === "blocked" || state === "spinning";
  return {
    state: state === "blocked" ? "S" : "R",
    waiting:
      isWaiting && waitingOn !== undefined
        ? `, ${state === "spinning" ? "spins" : "waits"} for ${waitingOn.words}`
        : "",
  };
}
