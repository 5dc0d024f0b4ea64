// Binds and unbinds through sysfs, lets the device and the system sleep, and pulls the device out.
import { unplug } from "driverlab/hardware";
import {
  close,
  EXPECT_EQ,
  EXPECT_STREQ,
  insmod,
  O_RDONLY,
  O_WRONLY,
  open,
  read,
  reboot,
  resume,
  rmmod,
  sleep,
  suspend,
  test,
  user_buffer,
  user_string,
  user_text,
  write,
} from "driverlab/scenario";
import { ENODEV, ENOENT } from "linux/errno";

const SLOT = "0000:00:04.0";
const DEVICE = "/sys/bus/pci/devices/0000:00:04.0/";
const DRIVER = "/sys/bus/pci/drivers/edu/";

function show(name: string): string {
  const fd = open(name, O_RDONLY);
  if (fd < 0) return "cannot be opened";
  const at = user_buffer(4096);
  const bytes = read(fd, at, 4096);
  close(fd);
  return bytes > 0 ? user_text(at, bytes) : "";
}

function store(name: string, text: string): number {
  const fd = open(name, O_WRONLY);
  if (fd < 0) return fd;
  const result = write(fd, user_string(text), text.length);
  close(fd);
  return result;
}

test("identity", () => {
  EXPECT_STREQ(show(DEVICE + "vendor"), "0x1234\n");
  EXPECT_STREQ(show(DEVICE + "class"), "0x00ff00\n");
  EXPECT_EQ(insmod(), 0);
  EXPECT_STREQ(show("/sys/devices/pci0000:00/0000:00:04.0/uevent"), "DRIVER=edu\n");
});

test("bind and unbind", () => {
  EXPECT_EQ(store(DRIVER + "unbind", SLOT), SLOT.length);
  EXPECT_EQ(store(DRIVER + "unbind", SLOT), -ENODEV);
  EXPECT_STREQ(show(DEVICE + "driver_override"), "(null)\n");
  EXPECT_EQ(store(DEVICE + "driver_override", "other\n"), 6);
  EXPECT_EQ(store(DRIVER + "bind", SLOT), -ENODEV);
  EXPECT_EQ(store(DEVICE + "driver_override", "\n"), 1);
  EXPECT_EQ(store(DRIVER + "bind", SLOT), SLOT.length);
});

test("sleep", () => {
  EXPECT_STREQ(show(DEVICE + "power/control"), "on\n");
  EXPECT_STREQ(show(DEVICE + "power/runtime_status"), "active\n");
  EXPECT_EQ(store(DEVICE + "power/control", "auto"), 4);
  sleep(1);
  EXPECT_STREQ(show(DEVICE + "power/runtime_status"), "suspended\n");
  EXPECT_EQ(suspend(), 0);
  EXPECT_EQ(resume(), 0);
  EXPECT_EQ(store(DEVICE + "power/control", "on"), 2);
  EXPECT_STREQ(show(DEVICE + "power/runtime_status"), "active\n");
});

test("shutdown", () => {
  EXPECT_EQ(reboot(), 0);
});

test("surprise removal", () => {
  EXPECT_EQ(unplug("edu"), 0);
  EXPECT_EQ(store(DEVICE + "remove", "1"), 1);
  EXPECT_EQ(open(DEVICE + "vendor", O_RDONLY), -ENOENT);
  EXPECT_EQ(rmmod(), 0);
});
