// Uses debugfs-broken.ts as debugfs.scenario.ts uses debugfs.ts.
import "./debugfs.scenario.ts";
