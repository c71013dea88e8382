using System.Text;
using Ipdr.Oci.Faults;
using Ipdr.Oci.Multiformats;
using Ipdr.Oci.UnixFs.DagPb;

namespace Ipdr.Oci.UnixFs.Directories;

/// <summary>How the directories of one profile are built: one block, or shards when that would become too large.</summary>
internal sealed class DirectoryForm(UnixFsProfile profile)
{
    // A name that is no text in UTF-8 has no bytes that all readers would agree on.
    private static readonly UTF8Encoding Utf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    private readonly HamtForm _shards = new(profile);

    /// <summary>The CIDs of directories.</summary>
    public CidForm Nodes { get; } = new(profile.CidVersion, Multicodec.DagPb, profile.Hash);

    /// <summary>The bytes of a name.</summary>
    /// <exception cref="IpdrException">The name cannot be one in a directory.</exception>
    public static byte[] NameBytes(string name, string where)
    {
        try
        {
            return name is "" or "." or ".." || name.AsSpan().ContainsAny('/', '\0')
                ? throw new IpdrException(new Fault(FaultCode.BadName, $"\"{name}\" cannot be a name in a directory", where))
                : Utf8.GetBytes(name);
        }
        catch (EncoderFallbackException e)
        {
            throw new IpdrException(new Fault(FaultCode.BadName, "the name is not Unicode text", where, "Give it another name."), e);
        }
    }

    /// <summary>Makes a directory of what it holds, in any order.</summary>
    /// <param name="entries">All names, each once.</param>
    /// <param name="metadata">What the directory carries.</param>
    /// <param name="keep">Keep what is needed to have the blocks later.</param>
    /// <exception cref="IpdrException">Names cannot be told apart by their hash.</exception>
    public DagNode Build(DirectoryEntry[] entries, UnixFsMetadata metadata, bool keep)
    {
        Array.Sort(entries, static (a, b) => a.Name.AsSpan().SequenceCompareTo(b.Name));
        long length = BlockLength(entries, metadata);
        long estimate = profile.HamtEstimate == HamtEstimate.Block ? length : entries.Sum(entry => (long)entry.Name.Length + entry.Node.Cid.Length);
        // A shard holds something: an empty directory is one block by any threshold.
        if (entries.Length > 0 && estimate > profile.HamtThreshold)
            return _shards.Build(entries, metadata, keep);
        byte[] block = new byte[length];
        Write(block, entries, metadata);
        long below = entries.Sum(entry => entry.Node.CumulativeSize);
        return new DirectoryNode(Nodes.OfBlock(block), length + below, keep ? entries : null, block.Length, metadata);
    }

    /// <summary>Writes the directory as one block.</summary>
    public static void Write(Span<byte> block, DirectoryEntry[] entries, UnixFsMetadata metadata)
    {
        ProtobufWriter writer = new(block);
        foreach (DirectoryEntry entry in entries)
        {
            Cid cid = entry.Node.Cid;
            cid.CopyTo(DagPbWriter.StartLink(ref writer, cid.Length, entry.Name.Length, entry.Node.CumulativeSize));
            DagPbWriter.EndLink(ref writer, entry.Name, entry.Node.CumulativeSize);
        }
        DagPbWriter.StartData(ref writer, UnixFsData.DirectoryLength(metadata));
        UnixFsData.WriteDirectory(ref writer, metadata);
    }

    private static long BlockLength(DirectoryEntry[] entries, UnixFsMetadata metadata) =>
        entries.Sum(entry => (long)DagPbWriter.LinkLength(entry.Node.Cid.Length, entry.Name.Length, entry.Node.CumulativeSize))
        + DagPbWriter.DataLength(UnixFsData.DirectoryLength(metadata));
}
