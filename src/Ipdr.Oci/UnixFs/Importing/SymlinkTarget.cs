using System.Runtime.InteropServices;
using System.Text;
using Ipdr.Oci.Faults;

namespace Ipdr.Oci.UnixFs.Importing;

/// <summary>Reads where symbolic links point, byte by byte as they say it.</summary>
internal static partial class SymlinkTarget
{
    // PATH_MAX on Linux; other systems have less.
    private const int MostBytes = 4096;

    /// <summary>The bytes of a link's target.</summary>
    /// <exception cref="IpdrException">It cannot be read.</exception>
    public static byte[] Read(string path)
    {
        if (OperatingSystem.IsWindows())
            return Encoding.UTF8.GetBytes(SourceFile.Guard(path, () => new FileInfo(path).LinkTarget) ?? throw Gone(path));
        Span<byte> target = stackalloc byte[MostBytes];
        nint length = ReadLink(path, target, target.Length);
        return length > 0 ? target[..(int)length].ToArray() : throw Gone(path);
    }

    private static IpdrException Gone(string path) =>
        new(new Fault(FaultCode.Io, "the link cannot be read", path, "Run the command again when nobody writes there."));

    [LibraryImport("libc", EntryPoint = "readlink", StringMarshalling = StringMarshalling.Utf8)]
    private static partial nint ReadLink(string path, Span<byte> buffer, nint length);
}
