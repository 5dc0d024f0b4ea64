// Uses sysfs-attrs-broken.ts as sysfs-attrs.scenario.ts uses sysfs-attrs.ts.
import "./sysfs-attrs.scenario.ts";
