// Visitors press the button of gpio-irq.ts, with contacts that bounce.
import { drive_pin, pin_level } from "driverlab/hardware";
import {
  close,
  EXPECT_EQ,
  EXPECT_FALSE,
  EXPECT_STREQ,
  EXPECT_TRUE,
  insmod,
  O_RDONLY,
  open,
  read,
  rmmod,
  sleep,
  test,
  user_buffer,
  user_text,
} from "driverlab/scenario";

const GPIO = "pl061";
const BUTTON = 0;
const BELL = 1;

function visitors(): string {
  const fd = open("/dev/door", O_RDONLY);
  const at = user_buffer(16);
  const bytes = read(fd, at, 16);
  close(fd);
  return user_text(at, bytes);
}

/** Down, with two bounces, for so long, and up again. */
function press(millis: number): void {
  for (const level of [true, false, true, false, true]) {
    drive_pin(GPIO, BUTTON, level);
    sleep(1);
  }
  sleep(millis);
  drive_pin(GPIO, BUTTON, false);
}

test("is loaded, and silent", () => {
  EXPECT_EQ(insmod(), 0);
  EXPECT_FALSE(pin_level(GPIO, BELL));
  EXPECT_STREQ(visitors(), "0\n");
});

test("rings for half a second, once however the contact bounces", () => {
  press(100);
  EXPECT_TRUE(pin_level(GPIO, BELL));
  sleep(600);
  EXPECT_FALSE(pin_level(GPIO, BELL));
  EXPECT_STREQ(visitors(), "1\n");
});

test("a touch that is too short is none", () => {
  press(0);
  sleep(20);
  EXPECT_FALSE(pin_level(GPIO, BELL));
  EXPECT_STREQ(visitors(), "1\n");
});

test("is unloaded while it rings", () => {
  press(20);
  EXPECT_EQ(rmmod(), 0);
  EXPECT_FALSE(pin_level(GPIO, BELL));
});
