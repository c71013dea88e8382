using Ipdr.Oci.Multiformats;

namespace Ipdr.Oci.UnixFs.Reading;

/// <summary>Measures trees. Each block is looked at once, however often it is linked to: so it is known at once how much a few blocks spell that link to each other many times.</summary>
/// <remarks>Memory is an entry for each directory, and, where files are read, for each of their blocks.</remarks>
/// <param name="nodes">Where the blocks come from, and what is too much.</param>
/// <param name="readsFiles">Are all blocks of files looked at, or their top ones only?</param>
internal sealed class TreeMeasure(NodeReader nodes, bool readsFiles)
{
    private readonly DirectoryReader _directories = new(nodes);

    // How much, and how many directories are inside each other, or blocks of a file below each other.
    private readonly Dictionary<Cid, (TreeExtent Extent, int Height)> _trees = [];
    private readonly Dictionary<Cid, (long Size, int Height)> _parts = [];

    /// <summary>Measures a node and all below it.</summary>
    /// <exception cref="Faults.IpdrException">A block is missing, wrong or malformed, or a limit is passed.</exception>
    public async ValueTask<TreeExtent> MeasureAsync(Cid root, CancellationToken cancellationToken)
    {
        Stack<MeasuredDirectory> open = [];
        try
        {
            Cid cid = root;
            (TreeExtent Extent, int Height)? measured = await EnterAsync(cid, open, cancellationToken).ConfigureAwait(false);
            while (open.TryPeek(out MeasuredDirectory? directory))
            {
                if (measured is { } below)
                    directory.Add(cid, below.Extent, below.Height, nodes.Limits);
                if (await directory.MoveNextAsync().ConfigureAwait(false))
                {
                    cid = directory.Current.Cid;
                    measured = await EnterAsync(cid, open, cancellationToken).ConfigureAwait(false);
                    continue;
                }
                cid = directory.Cid;
                measured = _trees[cid] = (directory.Extent, directory.Height);
                await open.Pop().DisposeAsync().ConfigureAwait(false);
            }
            return default(TreeExtent).With(root, measured!.Value.Extent, nodes.Limits);
        }
        finally
        {
            while (open.TryPop(out MeasuredDirectory? directory))
                await directory.DisposeAsync().ConfigureAwait(false);
        }
    }

    // Null for a directory that is not known yet: it is opened.
    private async ValueTask<(TreeExtent Extent, int Height)?> EnterAsync(Cid cid, Stack<MeasuredDirectory> open, CancellationToken cancellationToken)
    {
        if (_trees.TryGetValue(cid, out (TreeExtent Extent, int Height) known))
        {
            RequireDepth(cid, open.Count + known.Height);
            return known;
        }
        UnixFsNode node = await nodes.ReadAsync(cid, cancellationToken).ConfigureAwait(false);
        if (node.Kind == DagEntryKind.Directory)
        {
            MeasuredDirectory directory = new(node);
            open.Push(directory);
            RequireDepth(cid, open.Count);
            directory.Start(_directories, cancellationToken);
            return null;
        }
        using (node)
        {
            if (readsFiles && node.Kind == DagEntryKind.File)
                await ReadPartsAsync(node, 0, cancellationToken).ConfigureAwait(false);
            return (new TreeExtent(1, DagReader.Describe("", node).Size), 0);
        }
    }

    private async ValueTask<int> ReadPartsAsync(UnixFsNode node, int above, CancellationToken cancellationToken)
    {
        if (_parts.TryGetValue(node.Cid, out (long Size, int Height) known))
            return known.Height;
        int height = 0;
        for (int i = 0; i < node.BlockSizes.Count; i++)
        {
            // Who reads the file does not come to a part of no bytes.
            if (node.BlockSizes[i] == 0)
                continue;
            (long Size, int Height) part = await ReadPartAsync(node.Cid, node.Links[i].Cid, above + 1, cancellationToken).ConfigureAwait(false);
            if (part.Size != node.BlockSizes[i])
                throw DagFaults.WrongPart(node.Cid, part.Size, node.BlockSizes[i]);
            height = Math.Max(height, part.Height);
        }
        _parts[node.Cid] = (node.FileSize, height + 1);
        return height + 1;
    }

    private async ValueTask<(long Size, int Height)> ReadPartAsync(Cid file, Cid part, int above, CancellationToken cancellationToken)
    {
        bool isKnown = _parts.TryGetValue(part, out (long Size, int Height) known);
        if (above + (isKnown ? known.Height : 1) > nodes.Limits.MaxNodeDepth)
            throw DagFaults.FileTooDeep(part, nodes.Limits);
        if (isKnown)
            return known;
        using UnixFsNode child = await nodes.ReadAsync(part, cancellationToken).ConfigureAwait(false);
        return child.Kind == DagEntryKind.File
            ? (child.FileSize, await ReadPartsAsync(child, above, cancellationToken).ConfigureAwait(false))
            : throw DagFaults.NoPart(file);
    }

    private void RequireDepth(Cid cid, int depth)
    {
        if (depth > nodes.Limits.MaxDirectoryDepth)
            throw DagFaults.TooDeep(cid, nodes.Limits);
    }
}
