// KUnit: drivers of subsystems of which only the contract is known are built as in Linux, load, and are told so.
import {
  KUNIT_CASE,
  KUNIT_EXPECT_EQ,
  KUNIT_EXPECT_NOT_NULL,
  KUNIT_EXPECT_STREQ,
  type kunit,
  kunit_suite,
  kunit_test_suite,
} from "kunit/test";
import { buffer_head, sb_bread } from "linux/buffer_head";
import {
  address_space_operations,
  type dentry,
  file_operations,
  file_system_type,
  inode,
  inode_operations,
  kill_litter_super,
  mount_nodev,
  register_filesystem,
  simple_rmdir,
  simple_statfs,
  super_block,
  super_operations,
  unregister_filesystem,
} from "linux/fs";
import { MODULE_LICENSE, THIS_MODULE } from "linux/module";
import { uart_driver, uart_ops, uart_port, uart_register_driver, uart_unregister_driver } from "linux/serial_core";
import { S_IFDIR } from "linux/stat";
import type { ktermios, tty_struct } from "linux/tty";
import {
  tty_driver,
  tty_operations,
  tty_register_driver,
  tty_set_operations,
  tty_unregister_driver,
} from "linux/tty_driver";
import { tty_port, tty_port_init, tty_port_operations } from "linux/tty_port";
import { type CString, cast, type int, type Ref, type uint } from "linux/types";
import {
  USB_DEVICE,
  USB_DEVICE_ID_MATCH_DEVICE,
  USB_DEVICE_ID_MATCH_VENDOR,
  urb,
  usb_class_driver,
  usb_deregister,
  type usb_device_id,
  usb_driver,
  type usb_interface,
  usb_register,
  usb_register_dev,
} from "linux/usb";

function skel_probe(intf: Ref<usb_interface>, id: Ref<usb_device_id>): int {
  return usb_register_dev(intf, skel_class);
}

function skel_disconnect(intf: Ref<usb_interface>): void {}

const skel_fops = file_operations({ owner: THIS_MODULE });
const skel_class = usb_class_driver({ name: "skel%d", fops: skel_fops, minor_base: 192 });
const skel_id = USB_DEVICE(0xfff0, 0xfff0);
const skel_driver = usb_driver({
  name: "skeleton",
  probe: skel_probe,
  disconnect: skel_disconnect,
  id_table: [skel_id, { match_flags: USB_DEVICE_ID_MATCH_VENDOR, idVendor: 0x1234 }],
  supports_autosuspend: 1,
});
const request = urb({ complete: (one: Ref<urb>) => {}, transfer_buffer_length: 64 });

function contracts_test_usb(test: Ref<kunit>): void {
  KUNIT_EXPECT_EQ(test, skel_id.match_flags, USB_DEVICE_ID_MATCH_DEVICE);
  KUNIT_EXPECT_EQ(test, skel_id.idVendor, 0xfff0);
  KUNIT_EXPECT_EQ(test, request.transfer_buffer_length, 64);
  KUNIT_EXPECT_EQ(test, usb_register(skel_driver), 0);
  usb_deregister(skel_driver);
}

function tiny_open(tty: Ref<tty_struct>): int {
  return tty.index;
}

const tiny_ops = tty_operations({ open: tiny_open, write_room: () => 255 });
const tiny_driver = tty_driver({ owner: THIS_MODULE, driver_name: "tiny", name: "ttty", major: 240, num: 4 });
const tiny_port_ops = tty_port_operations({ dtr_rts: (port: Ref<tty_port>, active: boolean) => {} });
const tiny_port = tty_port({ ops: tiny_port_ops });

function contracts_test_tty(test: Ref<kunit>): void {
  KUNIT_EXPECT_STREQ(test, tiny_driver.name, "ttty");
  KUNIT_EXPECT_EQ(test, tiny_driver.init_termios.c_cflag, 0);
  tty_set_operations(tiny_driver, tiny_ops);
  tty_port_init(tiny_port);
  KUNIT_EXPECT_EQ(test, tty_register_driver(tiny_driver), 0);
  tty_unregister_driver(tiny_driver);
}

function tiny_termios(port: Ref<uart_port>, now: Ref<ktermios>, old: Ref<ktermios>): void {
  port.timeout = now.c_ospeed;
}

const tiny_uart_ops = uart_ops({ tx_empty: (): uint => 1, set_termios: tiny_termios, type: () => "tiny" });
const tiny_uart = uart_driver({ owner: THIS_MODULE, driver_name: "tiny_uart", dev_name: "ttyT", nr: 1 });
const tiny_uart_port = uart_port({ ops: tiny_uart_ops, uartclk: 1843200, fifosize: 16, line: 0 });

function contracts_test_serial(test: Ref<kunit>): void {
  KUNIT_EXPECT_EQ(test, tiny_uart_port.uartclk, 1843200);
  tiny_uart_port.icount.rx += 1;
  KUNIT_EXPECT_EQ(test, tiny_uart_port.icount.rx, 1);
  KUNIT_EXPECT_EQ(test, uart_register_driver(tiny_uart), 0);
  uart_unregister_driver(tiny_uart);
}

const my_ops = super_operations({ statfs: simple_statfs, drop_inode: (one: Ref<inode>) => 1 });
const my_dir = inode_operations({ rmdir: simple_rmdir, lookup: (dir: Ref<inode>, name: Ref<dentry>) => null });
const my_pages = address_space_operations({ dirty_folio: () => false });

function my_fill(sb: Ref<super_block>, data: Ref<unknown>): int {
  sb.s_magic = 0x1234;
  sb.s_op = my_ops;
  return 0;
}

function my_mount(type: Ref<file_system_type>, flags: int, dev: CString, data: Ref<unknown>): Ref<unknown> {
  return mount_nodev(type, flags, data, my_fill);
}

const my_type = file_system_type({ owner: THIS_MODULE, name: "my", mount: my_mount, kill_sb: kill_litter_super });
const my_super = super_block({ s_blocksize: 4096, s_blocksize_bits: 12, s_maxbytes: 1 << 20, s_op: my_ops });
const my_root = inode({ i_mode: S_IFDIR | 0o755, i_op: my_dir, i_sb: my_super });

function contracts_test_filesystem(test: Ref<kunit>): void {
  KUNIT_EXPECT_EQ(test, my_super.s_maxbytes, 1048576);
  KUNIT_EXPECT_EQ(test, my_root.i_mode, 0o40755);
  KUNIT_EXPECT_NOT_NULL(test, my_pages);
  const block = sb_bread(my_super, 0);
  if (block) KUNIT_EXPECT_EQ(test, cast(buffer_head, block).b_blocknr, 0);
  KUNIT_EXPECT_EQ(test, register_filesystem(my_type), 0);
  KUNIT_EXPECT_EQ(test, unregister_filesystem(my_type), 0);
}

kunit_test_suite(
  kunit_suite({
    name: "contracts",
    test_cases: [
      KUNIT_CASE(contracts_test_usb),
      KUNIT_CASE(contracts_test_tty),
      KUNIT_CASE(contracts_test_serial),
      KUNIT_CASE(contracts_test_filesystem),
    ],
  }),
);

MODULE_LICENSE("GPL");
