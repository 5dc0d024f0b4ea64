// Reads and writes the attributes of devices, buses, drivers and classes.
import {
  close,
  EXPECT_EQ,
  EXPECT_STREQ,
  insmod,
  lseek,
  O_RDONLY,
  O_WRONLY,
  open,
  POLLERR,
  POLLPRI,
  poll,
  process,
  read,
  rmmod,
  SEEK_SET,
  sleep,
  test,
  udev_monitor,
  udev_property,
  udev_receive,
  user_buffer,
  user_string,
  user_text,
  waitpid,
  write,
} from "driverlab/scenario";
import { EACCES, EINVAL, EIO, EISDIR, ENODEV, ENOENT } from "linux/errno";

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

const BUS = "/sys/bus/parts/";
const DEVICE = BUS + "devices/part0/";
const DRIVER = BUS + "drivers/part/";

test("devices", () => {
  EXPECT_EQ(insmod(), 0);
  EXPECT_STREQ(show(DEVICE + "value"), "part0 value 7\n");
  EXPECT_EQ(store(DEVICE + "value", "8\n"), 2);
  EXPECT_EQ(store(DEVICE + "value", "x"), -EINVAL);
  EXPECT_STREQ(show("/sys/devices/part0/first"), "part0 first 8\n");
  EXPECT_STREQ(show(DEVICE + "of_bus/first"), "part0 first 8\n");
  EXPECT_EQ(open(DEVICE + "first", O_WRONLY), -EACCES);
  EXPECT_EQ(store(DEVICE + "later/set", "9"), 1);
  EXPECT_EQ(open(DEVICE + "later/set", O_RDONLY), -EACCES);
  EXPECT_EQ(open(DEVICE, O_RDONLY), -ENOENT);
  EXPECT_EQ(open("/sys/bus/parts/devices/part0", O_RDONLY), -EISDIR);
  EXPECT_STREQ(show(DEVICE + "plain"), "part0 plain 9\n");
  EXPECT_EQ(store(DEVICE + "plain", "10"), 2);
  EXPECT_STREQ(show(DEVICE + "uevent"), "DRIVER=part\n");
  const monitor = udev_monitor();
  EXPECT_EQ(store(DEVICE + "uevent", "change"), 6);
  EXPECT_STREQ(udev_receive(monitor, 0), "change@/devices/part0");
  EXPECT_STREQ(udev_property(monitor, "SUBSYSTEM"), "parts");
  EXPECT_STREQ(udev_property(monitor, "DRIVER"), "part");
  EXPECT_STREQ(udev_property(monitor, "MAJOR"), "");
  EXPECT_EQ(store(DEVICE + "uevent", "sing"), -EINVAL);
  EXPECT_STREQ(udev_receive(monitor, 5), "");
  EXPECT_STREQ(show(DEVICE + "power/control"), "auto\n");
  EXPECT_STREQ(show(DEVICE + "power/runtime_status"), "unsupported\n");
  EXPECT_STREQ(show(DEVICE + "power/runtime_enabled"), "disabled\n");
  EXPECT_STREQ(show(DEVICE + "power/runtime_usage"), "0\n");
  EXPECT_EQ(store(DEVICE + "power/control", "maybe"), -EINVAL);
  EXPECT_EQ(store(DEVICE + "power/autosuspend_delay_ms", "5"), -EIO);
});

test("whoever polls an attribute is told of its changes", () => {
  const fd = open(DEVICE + "first", O_RDONLY);
  // Not read yet.
  EXPECT_EQ(poll(fd, POLLPRI, 0), POLLPRI | POLLERR);
  read(fd, user_buffer(64), 64);
  EXPECT_EQ(poll(fd, POLLPRI, 5), 0);
  const writer = process("writer", () => {
    sleep(2);
    store(DEVICE + "value", "10");
  });
  EXPECT_EQ(poll(fd, POLLPRI, 100), POLLPRI | POLLERR);
  waitpid(writer);
  lseek(fd, 0, SEEK_SET);
  read(fd, user_buffer(64), 64);
  EXPECT_EQ(poll(fd, POLLPRI, 0), 0);
  close(fd);
});

test("attributes come and go with the driver", () => {
  EXPECT_STREQ(show(DEVICE + "bound"), "part0 bound 10\n");
  EXPECT_STREQ(show(DEVICE + "managed"), "part0 managed 10\n");
  EXPECT_STREQ(show(DEVICE + "driver/level"), "part 10\n");
  EXPECT_EQ(store(DRIVER + "unbind", "part0\n"), 6);
  EXPECT_EQ(open(DEVICE + "bound", O_RDONLY), -ENOENT);
  EXPECT_EQ(open(DEVICE + "managed", O_RDONLY), -ENOENT);
  EXPECT_EQ(open(DEVICE + "driver/level", O_RDONLY), -ENOENT);
  EXPECT_EQ(store(DRIVER + "bind", "part1"), -ENODEV);
  EXPECT_EQ(store(DRIVER + "bind", "part0"), 5);
  EXPECT_STREQ(show(DRIVER + "part0/bound"), "part0 bound 10\n");
});

test("buses, drivers and classes", () => {
  EXPECT_STREQ(show(BUS + "level"), "10\n");
  EXPECT_EQ(store(BUS + "poke", "1"), 1);
  EXPECT_STREQ(show(BUS + "both"), "parts\n");
  EXPECT_STREQ(show(DRIVER + "level"), "part 11\n");
  EXPECT_EQ(store(DRIVER + "poke", "1"), 1);
  EXPECT_STREQ(show(DRIVER + "both"), "13\n");
  EXPECT_EQ(store(DRIVER + "both", "1"), -EINVAL);
  EXPECT_STREQ(show("/sys/class/gadgets/level"), "level\n");
  EXPECT_EQ(store("/sys/class/gadgets/poke", "1"), 1);
  EXPECT_STREQ(show("/sys/class/gadgets/both"), "16\n");
  EXPECT_STREQ(show("/sys/class/gadgets/gadget0/first"), "gadget0 first 16\n");
  EXPECT_STREQ(show("/sys/devices/virtual/gadgets/gadget0/dev"), "240:0\n");
  EXPECT_STREQ(show("/sys/devices/part0/toys/toy/uevent"), "MAJOR=240\nMINOR=1\nDEVNAME=toy\n");
  EXPECT_STREQ(show("/sys/class/toys/toy/first"), "toy first 16\n");
  EXPECT_EQ(rmmod(), 0);
  EXPECT_EQ(open(BUS + "level", O_RDONLY), -ENOENT);
  EXPECT_EQ(open("/sys/class/gadgets/level", O_RDONLY), -ENOENT);
  EXPECT_EQ(open("/sys/devices/part0/first", O_RDONLY), -ENOENT);
  const monitor = udev_monitor();
  EXPECT_EQ(insmod(), 0);
  const told: string[] = [];
  for (let one = udev_receive(monitor, 0); one !== ""; one = udev_receive(monitor, 0)) told.push(one);
  EXPECT_STREQ(told.slice(0, 2).join(" "), "add@/devices/part0 bind@/devices/part0");
  EXPECT_STREQ(told.slice(2).join(" "), "add@/devices/virtual/gadgets/gadget0 add@/devices/part0/toys/toy");
  EXPECT_EQ(rmmod(), 0);
});
