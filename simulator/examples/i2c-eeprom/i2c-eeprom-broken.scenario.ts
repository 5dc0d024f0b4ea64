// Uses i2c-eeprom-broken.ts as i2c-eeprom.scenario.ts uses i2c-eeprom.ts.
import "./i2c-eeprom.scenario.ts";
