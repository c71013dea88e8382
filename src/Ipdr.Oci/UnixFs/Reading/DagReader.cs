using System.Buffers;
using System.Runtime.CompilerServices;
using System.Text;
using Ipdr.Oci.Multiformats;

namespace Ipdr.Oci.UnixFs.Reading;

/// <summary>Reads files and directories out of blocks. No source is trusted: every block is checked against the CID that leads to it.</summary>
/// <remarks>Safe for several threads, as far as the source is. The source stays the caller's.</remarks>
/// <param name="source">Where the blocks are.</param>
/// <param name="limits">How far a DAG is followed; the defaults if null.</param>
public sealed class DagReader(IBlockSource source, DagLimits? limits = null)
{
    private static readonly UTF8Encoding StrictUtf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    private readonly DagLimits _limits = limits ?? new DagLimits();

    /// <summary>What a path leads to. Symbolic links on the way are not followed.</summary>
    /// <exception cref="Faults.IpdrException">It leads to nothing, or a block on the way is missing, wrong or malformed.</exception>
    public async ValueTask<UnixFsEntry> GetAsync(ContentPath path, CancellationToken cancellationToken = default)
    {
        using UnixFsNode node = await ResolveAsync(new NodeReader(source, _limits), path, cancellationToken).ConfigureAwait(false);
        return Describe("", node);
    }

    /// <summary>Measures what a path leads to, without following what is linked to again: so it is known at once whether <see cref="WalkAsync"/> would pass a limit.</summary>
    /// <exception cref="Faults.IpdrException">As for <see cref="WalkAsync"/>.</exception>
    public async ValueTask<TreeSummary> MeasureAsync(ContentPath path, CancellationToken cancellationToken = default)
    {
        NodeReader nodes = new(source, _limits);
        Cid root = await FindAsync(nodes, path, cancellationToken).ConfigureAwait(false);
        TreeExtent extent = await new TreeMeasure(nodes, readsFiles: false).MeasureAsync(root, cancellationToken).ConfigureAwait(false);
        return new TreeSummary(root, extent.Entries, extent.Bytes);
    }

    /// <summary>What a path leads to, and all below it: a directory before what is in it, entries in the order in which they are stored.</summary>
    /// <exception cref="Faults.IpdrException">As for <see cref="GetAsync"/>; or a limit is passed, or names cannot be those of files.</exception>
    public async IAsyncEnumerable<UnixFsEntry> WalkAsync(ContentPath path, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        await foreach (WalkedNode walked in WalkNodesAsync(new NodeReader(source, _limits), path, cancellationToken).ConfigureAwait(false))
            yield return walked.Entry;
    }

    /// <summary>Opens a file. The stream can be sought in, is read asynchronously only, and is the caller's to dispose of.</summary>
    /// <exception cref="Faults.IpdrException">As for <see cref="GetAsync"/>; or it is no file. Reading throws the same.</exception>
    public async ValueTask<Stream> OpenFileAsync(ContentPath path, CancellationToken cancellationToken = default)
    {
        NodeReader nodes = new(source, _limits);
        UnixFsNode node = await ResolveAsync(nodes, path, cancellationToken).ConfigureAwait(false);
        if (node.Kind == DagEntryKind.File)
            return new UnixFsFileStream(nodes, node, ownsRoot: true);
        node.Dispose();
        throw DagFaults.NotAFile(node.Cid, node.Kind);
    }

    /// <summary>The CID of what a path leads to, and those of all that it leads through: one for the root, one for each name.</summary>
    /// <exception cref="Faults.IpdrException">As for <see cref="GetAsync"/>, but for what the path leads to, which is not read.</exception>
    public async ValueTask<IReadOnlyList<Cid>> TraceAsync(ContentPath path, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(path);
        List<Cid> trace = [path.Root];
        foreach (string segment in path.Segments)
            trace.Add(await FindAsync(new NodeReader(source, _limits), ContentPath.Of(trace[^1]).Below(segment), cancellationToken).ConfigureAwait(false));
        return trace;
    }

    /// <summary>A block, checked. The caller disposes of it.</summary>
    /// <exception cref="Faults.IpdrException">It is missing, too large, another one than named, or cannot be checked.</exception>
    public ValueTask<IMemoryOwner<byte>> ReadBlockAsync(Cid cid, CancellationToken cancellationToken = default) =>
        new CheckedBlocks(source, _limits).ReadAsync(cid, cancellationToken);

    /// <summary>What is in a directory, each as its top block describes it and under its name.</summary>
    /// <exception cref="Faults.IpdrException">As for <see cref="GetAsync"/>; or it is no directory, or a name cannot be that of a file.</exception>
    public async IAsyncEnumerable<UnixFsEntry> DescribeAsync(ContentPath path, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        await foreach (NamedLink link in ListAsync(path, cancellationToken).ConfigureAwait(false))
            yield return await GetAsync(ContentPath.Of(link.Cid), cancellationToken).ConfigureAwait(false) with { Path = link.Name };
    }

    /// <summary>The entries of a directory, in the order in which they are stored.</summary>
    /// <exception cref="Faults.IpdrException">As for <see cref="GetAsync"/>; or it is no directory, or a name cannot be that of a file.</exception>
    internal async IAsyncEnumerable<NamedLink> ListAsync(ContentPath path, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        NodeReader nodes = new(source, _limits);
        using UnixFsNode directory = await ResolveAsync(nodes, path, cancellationToken).ConfigureAwait(false);
        if (directory.Kind != DagEntryKind.Directory)
            throw DagFaults.NotADirectory(directory.Cid);
        await foreach (NamedLink entry in new DirectoryReader(nodes).ListAsync(directory, cancellationToken).ConfigureAwait(false))
            yield return entry;
    }

    /// <summary>The walk with each entry's top block, for whoever reads on from there.</summary>
    internal async IAsyncEnumerable<WalkedNode> WalkNodesAsync(
        NodeReader nodes, ContentPath path, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        DirectoryReader directories = new(nodes);
        TreeExtent extent = default;
        Stack<OpenDirectory> open = [];
        try
        {
            UnixFsNode root = await ResolveAsync(nodes, path, cancellationToken).ConfigureAwait(false);
            open.Push(OpenDirectory.Of(root));
            UnixFsEntry top = Describe("", root);
            extent = extent.With(root.Cid, new TreeExtent(1, top.Size), _limits);
            yield return new WalkedNode(top, root);
            open.Peek().Start(directories, cancellationToken);
            while (open.TryPeek(out OpenDirectory? directory))
            {
                if (!await directory.MoveNextAsync().ConfigureAwait(false))
                {
                    await open.Pop().DisposeAsync().ConfigureAwait(false);
                    continue;
                }
                UnixFsNode node = await nodes.ReadAsync(directory.Current.Cid, cancellationToken).ConfigureAwait(false);
                OpenDirectory child = OpenDirectory.Of(node);
                open.Push(child);
                UnixFsEntry entry = Describe(directory.PathOfCurrent, node);
                extent = extent.With(node.Cid, new TreeExtent(1, entry.Size), _limits);
                if (node.Kind == DagEntryKind.Directory && open.Count > _limits.MaxDirectoryDepth)
                    throw DagFaults.TooDeep(node.Cid, _limits);
                yield return new WalkedNode(entry, node);
                child.Path = entry.Path;
                child.Start(directories, cancellationToken);
            }
        }
        finally
        {
            while (open.TryPop(out OpenDirectory? directory))
                await directory.DisposeAsync().ConfigureAwait(false);
        }
    }

    /// <summary>The CID of what a path leads to. The blocks on the way are read, in their order; what it leads to is not.</summary>
    internal static async ValueTask<Cid> FindAsync(NodeReader nodes, ContentPath path, CancellationToken cancellationToken)
    {
        DirectoryReader directories = new(nodes);
        Cid cid = path.Root;
        foreach (string segment in path.Segments)
        {
            using UnixFsNode directory = await nodes.ReadAsync(cid, cancellationToken).ConfigureAwait(false);
            if (directory.Kind != DagEntryKind.Directory)
                throw DagFaults.NotADirectory(directory.Cid);
            cid = await directories.FindAsync(directory, segment, cancellationToken).ConfigureAwait(false) ?? throw DagFaults.NoEntry(segment, path.ToString());
        }
        return cid;
    }

    private static async ValueTask<UnixFsNode> ResolveAsync(NodeReader nodes, ContentPath path, CancellationToken cancellationToken)
    {
        DirectoryReader directories = new(nodes);
        UnixFsNode node = await nodes.ReadAsync(path.Root, cancellationToken).ConfigureAwait(false);
        foreach (string segment in path.Segments)
        {
            using UnixFsNode directory = node;
            if (directory.Kind != DagEntryKind.Directory)
                throw DagFaults.NotADirectory(directory.Cid);
            Cid? found = await directories.FindAsync(directory, segment, cancellationToken).ConfigureAwait(false);
            node = await nodes.ReadAsync(found ?? throw DagFaults.NoEntry(segment, path.ToString()), cancellationToken).ConfigureAwait(false);
        }
        return node;
    }

    /// <summary>A node as an entry.</summary>
    /// <exception cref="Faults.IpdrException">It is a symbolic link that leads nowhere.</exception>
    internal static UnixFsEntry Describe(string path, UnixFsNode node) =>
        new(path, node.Kind, node.Cid, node.FileSize, node.Kind == DagEntryKind.Symlink ? ReadTarget(node) : null) { Metadata = node.Metadata };

    private static string ReadTarget(UnixFsNode link)
    {
        ReadOnlySpan<byte> target = link.Data.Span;
        if (target.IsEmpty || target.Contains((byte)0))
            throw DagFaults.BadNode(link.Cid, "a symbolic link's target is empty or has a NUL");
        try
        {
            return StrictUtf8.GetString(target);
        }
        catch (DecoderFallbackException)
        {
            throw DagFaults.BadNode(link.Cid, "a symbolic link's target is not UTF-8");
        }
    }
}
