// Holding softirqs off.

/** Holds the softirqs of this CPU off until local_bh_enable; calls nest. Context: process, softirq. Source: include/linux/bottom_half.h */
export function local_bh_disable(): void;
/** Undoes one local_bh_disable; the last lets softirqs that are pending run. Context: process, softirq, with interrupts on. Source: include/linux/bottom_half.h */
export function local_bh_enable(): void;
