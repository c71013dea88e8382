using System.Text;
using Ipdr.Oci.Multiformats;

namespace Ipdr.Oci.UnixFs.Reading;

/// <summary>Names of a directory's entries, as far as they may become names of files.</summary>
internal static class EntryName
{
    // NAME_MAX of Linux, and near it everywhere else.
    private const int MaxLength = 255;

    private static readonly UTF8Encoding Strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>The name as text.</summary>
    /// <exception cref="Faults.IpdrException">It would lead elsewhere than into the directory, or is no text.</exception>
    public static string Read(Cid directory, ReadOnlySpan<byte> name)
    {
        string? fault = name switch
        {
            [] => "is empty",
            [(byte)'.'] or [(byte)'.', (byte)'.'] => "climbs",
            _ when name.Contains((byte)'/') => "has a slash",
            _ when name.Contains((byte)0) => "has a NUL",
            _ when name.Length > MaxLength => "is longer than 255 bytes",
            _ => null,
        };
        if (fault is not null)
            throw DagFaults.BadName(directory, name, fault);
        try
        {
            return Strict.GetString(name);
        }
        catch (DecoderFallbackException)
        {
            throw DagFaults.BadName(directory, name, "is not UTF-8");
        }
    }
}
