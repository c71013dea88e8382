using System.Text;
using Ipdr.Oci.Faults;
using Ipdr.Oci.Multiformats;

namespace Ipdr.Oci.Resolution;

/// <summary>What stands in a file of a directory of names: a CID, a path that is one, or a legacy image name.</summary>
internal static class CidText
{
    /// <summary>Bytes that are read of such a file; a CID has about a hundred.</summary>
    public const int MaxBytes = 1024;

    /// <summary>Reads it.</summary>
    /// <exception cref="IpdrException">It says something else; <see cref="FaultCode.BadCid"/>.</exception>
    public static Cid Read(ReadOnlySpan<byte> content, string where)
    {
        string text = Encoding.UTF8.GetString(content[..Math.Min(content.Length, MaxBytes)]).Trim();
        return content.Length <= MaxBytes && ContentPath.TryParse(text, null, out ContentPath? path) && path.Segments.Count == 0
            ? path.Root
            : throw new IpdrException(new Fault(FaultCode.BadCid, "the file does not hold a CID", where, "It should be one line: the CID of the image."));
    }
}
