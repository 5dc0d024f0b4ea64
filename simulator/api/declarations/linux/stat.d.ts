// Functions of which only the contract is known here.
// Contract stubs, written by test/simulator/write-contracts.ts.
/** Whether a mode is that of a directory. Context: any. Result: 0. Source: include/uapi/linux/stat.h. Differs from Linux: a contract stub, which checks its context and does nothing else. */
export function S_ISDIR(m: unknown): number;
/** Whether a mode is that of a regular file. Context: any. Result: 0. Source: include/uapi/linux/stat.h. Differs from Linux: a contract stub, which checks its context and does nothing else. */
export function S_ISREG(m: unknown): number;
