// Uses regmap-clk-broken.ts as regmap-clk.scenario.ts uses regmap-clk.ts.
import "./regmap-clk.scenario.ts";
