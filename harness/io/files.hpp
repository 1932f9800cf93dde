#pragma once

#include <filesystem>
#include <string>
#include <string_view>

namespace lemmabench {

/// Writes `bytes` to `path` so that the file is either the old one or the whole new one, never half
/// of it: into a temporary file in the same directory, flushed to the disk, then renamed over
/// `path`. A symbolic link is followed; an existing file keeps its permissions. What is no regular
/// file (a pipe, /dev/null) is written in place, since renaming would replace the device.
/// Throws InputError naming the path and the reason (no such directory, permission, disk full);
/// the temporary file is removed and an existing file is unchanged.
void write_file_atomically(const std::filesystem::path& path, std::string_view bytes);

/// Throws InputError, as write_file_atomically would, when `path` lies in a directory that is not
/// there or cannot be written to, or is a directory itself: for long runs, before they start.
void require_writable(const std::filesystem::path& path);

/// The whole content of a file. Throws InputError naming the path and the reason if it cannot be
/// read, is a directory, or has more than `kMaxInputBytes` bytes.
std::string read_file(const std::filesystem::path& path);

/// The largest input file that is read into memory.
inline constexpr std::size_t kMaxInputBytes = std::size_t{256} << 20;

}  // namespace lemmabench
