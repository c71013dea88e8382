using Ipdr.Oci.Faults;
using Ipdr.Oci.Multiformats;

namespace Ipdr.Cli.Commands;

/// <summary>Names of the same content in another spelling.</summary>
internal static class NameConversion
{
    /// <summary>Translates a CID, path, address or legacy image name.</summary>
    /// <exception cref="CidFormatException">It is none.</exception>
    /// <exception cref="IpdrException">There is no such spelling for it.</exception>
    public static string Convert(string name, NameFormat format)
    {
        Cid cid = Read(name);
        switch (format)
        {
            case NameFormat.Docker:
                return LegacyImageName.TryCreate(cid, out string? legacy) ? legacy : throw NoVersion0(cid, "legacy image name");
            case NameFormat.CidV1:
                return cid.ToVersion1().ToString();
            default:
                if (cid.TryToVersion0(out Cid version0))
                    return version0.ToString();
                return format == NameFormat.Ipfs ? cid.ToString() : throw NoVersion0(cid, "CID of version 0");
        }
    }

    private static Cid Read(string name)
    {
        ContentPath path = ContentPath.Parse(name);
        return path.Segments.Count == 0 ? path.Root : throw new CidFormatException(CidFault.BadPath, name);
    }

    private static IpdrException NoVersion0(Cid cid, string what) => new(new Fault(
        FaultCode.BadCid,
        $"it has no {what}: only dag-pb with sha2-256 has, and this is {cid.Codec.Name} with {cid.Hash.Code.Name}",
        $"CID {cid}",
        "Its CID of version 1 can be had with --format cidv1."));
}
