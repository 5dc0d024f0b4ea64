// Uses kthread-queue-broken.ts as kthread-queue.scenario.ts uses kthread-queue.ts.
import "./kthread-queue.scenario.ts";
