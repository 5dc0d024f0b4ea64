// Uses ramdisk-broken.ts as ramdisk.scenario.ts uses ramdisk.ts.
import "./ramdisk.scenario.ts";
