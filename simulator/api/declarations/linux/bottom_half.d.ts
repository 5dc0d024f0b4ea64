// Holding softirqs of the running CPU off.

/** Holds softirqs of this CPU off; calls nest. Context: process, softirq. Source: include/linux/bottom_half.h */
export function local_bh_disable(): void;
/** Undoes one local_bh_disable: softirqs that were raised meanwhile run at once. Context: process, softirq. Source: kernel/softirq.c */
export function local_bh_enable(): void;
