// Structs that drivers hand to functions of which only the contract is known: they are there to be filled in.
// Source: include/linux/{usb,tty,tty_driver,tty_port,serial_core,buffer_head,fs}.h, include/uapi/linux/usb/ch9.h
import { type Layout, layOut, type MemberType, type Scalar } from "../engine/layout.ts";
import { device, file_operations, module, spinlock_t } from "./layouts.ts";

const scalar = (name: Scalar): MemberType => ({ kind: "scalar", scalar: name });
const nested = (layout: Layout): MemberType => ({ kind: "struct", layout });
const pointer = (to: Extract<MemberType, { kind: "pointer" }>["to"]): MemberType => ({ kind: "pointer", to });
const u8 = scalar("u8");
const u16 = scalar("u16");
const u32 = scalar("u32");
const s32 = scalar("s32");
const string = pointer("s8");
const fn = pointer("function");
const iomem = pointer("iomem");
const anything = pointer("void");
/** loff_t and sector_t: 64 bits, which TypeScript holds in a number. */
const position: MemberType = { kind: "scalar", scalar: "s64", safe: true };
const sector: MemberType = { kind: "scalar", scalar: "u64", safe: true };

export const usb_device_id = layOut("usb_device_id", [
  ["match_flags", u16],
  ["idVendor", u16],
  ["idProduct", u16],
  ["bcdDevice_lo", u16],
  ["bcdDevice_hi", u16],
  ["bDeviceClass", u8],
  ["bDeviceSubClass", u8],
  ["bDeviceProtocol", u8],
  ["bInterfaceClass", u8],
  ["bInterfaceSubClass", u8],
  ["bInterfaceProtocol", u8],
  ["bInterfaceNumber", u8],
  ["driver_info", u32],
]);

const usb_device_descriptor = layOut("usb_device_descriptor", [
  ["bLength", u8],
  ["bDescriptorType", u8],
  ["bcdUSB", u16],
  ["bDeviceClass", u8],
  ["bDeviceSubClass", u8],
  ["bDeviceProtocol", u8],
  ["bMaxPacketSize0", u8],
  ["idVendor", u16],
  ["idProduct", u16],
  ["bcdDevice", u16],
  ["bNumConfigurations", u8],
]);

const usb_device = layOut("usb_device", [
  ["devnum", s32],
  ["speed", u32],
  ["product", string],
  ["manufacturer", string],
  ["serial", string],
  ["descriptor", nested(usb_device_descriptor)],
  ["dev", nested(device)],
]);

const usb_endpoint_descriptor = layOut("usb_endpoint_descriptor", [
  ["bLength", u8],
  ["bDescriptorType", u8],
  ["bEndpointAddress", u8],
  ["bmAttributes", u8],
  ["wMaxPacketSize", u16],
  ["bInterval", u8],
]);

const usb_interface_descriptor = layOut("usb_interface_descriptor", [
  ["bInterfaceNumber", u8],
  ["bAlternateSetting", u8],
  ["bNumEndpoints", u8],
  ["bInterfaceClass", u8],
  ["bInterfaceSubClass", u8],
  ["bInterfaceProtocol", u8],
]);

const usb_host_endpoint = layOut("usb_host_endpoint", [["desc", nested(usb_endpoint_descriptor)]]);

const usb_host_interface = layOut("usb_host_interface", [
  ["desc", nested(usb_interface_descriptor)],
  ["endpoint", pointer(usb_host_endpoint)],
]);

const usb_interface = layOut("usb_interface", [
  ["altsetting", pointer(usb_host_interface)],
  ["cur_altsetting", pointer(usb_host_interface)],
  ["num_altsetting", u32],
  ["minor", s32],
  ["dev", nested(device)],
]);

const usb_driver = layOut("usb_driver", [
  ["name", string],
  ["probe", fn],
  ["disconnect", fn],
  ["unlocked_ioctl", fn],
  ["suspend", fn],
  ["resume", fn],
  ["reset_resume", fn],
  ["pre_reset", fn],
  ["post_reset", fn],
  ["shutdown", fn],
  ["id_table", pointer(usb_device_id)],
  ["dev_groups", anything],
  ["no_dynamic_id", u32],
  ["supports_autosuspend", u32],
  ["soft_unbind", u32],
]);

const usb_class_driver = layOut("usb_class_driver", [
  ["name", string],
  ["devnode", fn],
  ["fops", pointer(file_operations)],
  ["minor_base", s32],
]);

const urb = layOut("urb", [
  ["dev", pointer(usb_device)],
  ["pipe", u32],
  ["status", s32],
  ["transfer_flags", u32],
  ["transfer_buffer", anything],
  ["transfer_dma", u32],
  ["transfer_buffer_length", u32],
  ["actual_length", u32],
  ["setup_packet", anything],
  ["start_frame", s32],
  ["number_of_packets", s32],
  ["interval", s32],
  ["error_count", s32],
  ["context", anything],
  ["complete", fn],
]);

const ktermios = layOut("ktermios", [
  ["c_iflag", u32],
  ["c_oflag", u32],
  ["c_cflag", u32],
  ["c_lflag", u32],
  ["c_line", u8],
  ["c_ispeed", u32],
  ["c_ospeed", u32],
]);

const tty_struct = layOut("tty_struct", [
  ["index", s32],
  ["flags", u32],
  ["count", s32],
  ["termios", nested(ktermios)],
  ["driver_data", anything],
  ["disc_data", anything],
  ["port", anything],
]);

const tty_operations = layOut("tty_operations", [
  ["open", fn],
  ["close", fn],
  ["install", fn],
  ["cleanup", fn],
  ["write", fn],
  ["put_char", fn],
  ["flush_chars", fn],
  ["write_room", fn],
  ["chars_in_buffer", fn],
  ["ioctl", fn],
  ["set_termios", fn],
  ["throttle", fn],
  ["unthrottle", fn],
  ["stop", fn],
  ["start", fn],
  ["hangup", fn],
  ["break_ctl", fn],
  ["flush_buffer", fn],
  ["tiocmget", fn],
  ["tiocmset", fn],
  ["proc_show", fn],
]);

const tty_driver = layOut("tty_driver", [
  ["owner", pointer(module)],
  ["driver_name", string],
  ["name", string],
  ["name_base", s32],
  ["major", s32],
  ["minor_start", s32],
  ["num", u32],
  ["type", u16],
  ["subtype", u16],
  ["init_termios", nested(ktermios)],
  ["flags", u32],
  ["driver_state", anything],
  ["ops", pointer(tty_operations)],
]);

const tty_port_operations = layOut("tty_port_operations", [
  ["carrier_raised", fn],
  ["dtr_rts", fn],
  ["shutdown", fn],
  ["activate", fn],
  ["destruct", fn],
]);

const tty_port = layOut("tty_port", [
  ["tty", pointer(tty_struct)],
  ["ops", pointer(tty_port_operations)],
  ["count", s32],
  ["close_delay", u32],
  ["closing_wait", u32],
]);

const uart_icount = layOut("uart_icount", [
  ["cts", u32],
  ["dsr", u32],
  ["rng", u32],
  ["dcd", u32],
  ["rx", u32],
  ["tx", u32],
  ["frame", u32],
  ["overrun", u32],
  ["parity", u32],
  ["brk", u32],
  ["buf_overrun", u32],
]);

const uart_ops = layOut("uart_ops", [
  ["tx_empty", fn],
  ["set_mctrl", fn],
  ["get_mctrl", fn],
  ["stop_tx", fn],
  ["start_tx", fn],
  ["throttle", fn],
  ["unthrottle", fn],
  ["stop_rx", fn],
  ["enable_ms", fn],
  ["break_ctl", fn],
  ["startup", fn],
  ["shutdown", fn],
  ["flush_buffer", fn],
  ["set_termios", fn],
  ["pm", fn],
  ["type", fn],
  ["release_port", fn],
  ["request_port", fn],
  ["config_port", fn],
  ["verify_port", fn],
]);

const uart_port = layOut("uart_port", [
  ["lock", nested(spinlock_t)],
  ["iobase", u32],
  ["membase", iomem],
  ["irq", u32],
  ["irqflags", u32],
  ["uartclk", u32],
  ["fifosize", u32],
  ["x_char", u8],
  ["regshift", u8],
  ["iotype", u8],
  ["read_status_mask", u32],
  ["ignore_status_mask", u32],
  ["icount", nested(uart_icount)],
  ["flags", u32],
  ["mctrl", u32],
  ["timeout", u32],
  ["type", u32],
  ["ops", pointer(uart_ops)],
  ["line", u32],
  ["mapbase", u32],
  ["dev", pointer(device)],
  ["private_data", anything],
]);

const uart_driver = layOut("uart_driver", [
  ["owner", pointer(module)],
  ["driver_name", string],
  ["dev_name", string],
  ["major", s32],
  ["minor", s32],
  ["nr", s32],
  ["cons", anything],
]);

const buffer_head = layOut("buffer_head", [
  ["b_state", u32],
  ["b_blocknr", sector],
  ["b_size", u32],
  ["b_data", anything],
]);

const super_operations = layOut("super_operations", [
  ["alloc_inode", fn],
  ["destroy_inode", fn],
  ["free_inode", fn],
  ["dirty_inode", fn],
  ["write_inode", fn],
  ["drop_inode", fn],
  ["evict_inode", fn],
  ["put_super", fn],
  ["sync_fs", fn],
  ["statfs", fn],
  ["show_options", fn],
]);

const super_block = layOut("super_block", [
  ["s_blocksize", u32],
  ["s_blocksize_bits", u8],
  ["s_maxbytes", position],
  ["s_magic", u32],
  ["s_flags", u32],
  ["s_time_gran", u32],
  ["s_op", pointer(super_operations)],
  ["s_root", anything],
  ["s_fs_info", anything],
]);

const file_system_type = layOut("file_system_type", [
  ["name", string],
  ["fs_flags", s32],
  ["mount", fn],
  ["kill_sb", fn],
  ["owner", pointer(module)],
]);

const inode_operations = layOut("inode_operations", [
  ["lookup", fn],
  ["permission", fn],
  ["create", fn],
  ["link", fn],
  ["unlink", fn],
  ["symlink", fn],
  ["mkdir", fn],
  ["rmdir", fn],
  ["mknod", fn],
  ["rename", fn],
  ["setattr", fn],
  ["getattr", fn],
]);

const address_space_operations = layOut("address_space_operations", [
  ["writepage", fn],
  ["read_folio", fn],
  ["writepages", fn],
  ["dirty_folio", fn],
  ["readahead", fn],
  ["write_begin", fn],
  ["write_end", fn],
  ["bmap", fn],
]);

/** By header. */
export const contractLayouts: Readonly<Record<string, readonly Layout[]>> = {
  "linux/usb": [
    usb_device_id,
    usb_device_descriptor,
    usb_device,
    usb_endpoint_descriptor,
    usb_interface_descriptor,
    usb_host_endpoint,
    usb_host_interface,
    usb_interface,
    usb_driver,
    usb_class_driver,
    urb,
  ],
  "linux/tty": [ktermios, tty_struct],
  "linux/tty_driver": [tty_operations, tty_driver],
  "linux/tty_port": [tty_port_operations, tty_port],
  "linux/serial_core": [uart_icount, uart_ops, uart_port, uart_driver],
  "linux/buffer_head": [buffer_head],
  "linux/fs": [super_operations, super_block, file_system_type, inode_operations, address_space_operations],
};
