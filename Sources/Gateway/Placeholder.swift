internal import NIOCore
internal import NIOPosix
internal import NIOHTTP1
internal import NIOSSL
