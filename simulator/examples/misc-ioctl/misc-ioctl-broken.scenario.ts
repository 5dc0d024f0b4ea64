// Uses misc-ioctl-broken.ts as misc-ioctl.scenario.ts uses misc-ioctl.ts.
import "./misc-ioctl.scenario.ts";
