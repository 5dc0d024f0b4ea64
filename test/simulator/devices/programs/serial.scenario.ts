// Somebody types at the other end of the line, and presses a button.
import { drive_pin, pin_level, serial_received, serial_send } from "driverlab/hardware";
import { insmod, log, rmmod, sleep } from "driverlab/scenario";

log("insmod: %d", insmod());
serial_send("ns16550a", "hello, world");
sleep(1);
log("so far: %s", serial_received("ns16550a"));
sleep(2);
log("then: %s", serial_received("ns16550a"));
for (let press = 0; press < 3; press++) {
  drive_pin("pl061", 0, true);
  sleep(1);
  drive_pin("pl061", 0, false);
  sleep(1);
}
log("the button is %s", pin_level("pl061", 0) ? "down" : "up");
rmmod();
