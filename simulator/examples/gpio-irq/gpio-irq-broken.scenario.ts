// Uses gpio-irq-broken.ts as gpio-irq.scenario.ts uses gpio-irq.ts.
import "./gpio-irq.scenario.ts";
