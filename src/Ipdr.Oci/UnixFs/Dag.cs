using Ipdr.Oci.Multiformats;

namespace Ipdr.Oci.UnixFs;

/// <summary>A file or directory as IPFS would have it: named down to its last block, and nothing of it held but names.</summary>
public sealed class Dag
{
    private readonly DagNode _root;

    internal Dag(DagNode root, UnixFsProfile profile)
    {
        _root = root;
        Profile = profile;
    }

    /// <summary>The CID of the whole.</summary>
    public Cid Root => _root.Cid;

    /// <summary>The rules by which it was built.</summary>
    public UnixFsProfile Profile { get; }

    /// <summary>What the root is.</summary>
    public DagEntryKind Kind => _root.Kind;

    /// <summary>Bytes of content, when the root is a file; else 0.</summary>
    public long FileSize => _root.FileSize;

    /// <summary>Bytes of all blocks, repeats counted: the Tsize of a link to the root.</summary>
    public long CumulativeSize => _root.CumulativeSize;

    /// <summary>All blocks, each once where it is first met: depth first, a node before what it links to, in the order of its links.</summary>
    /// <exception cref="InvalidOperationException">The DAG was built without <see cref="ImportOptions.KeepBlocks"/>.</exception>
    public IEnumerable<DagBlock> Blocks()
    {
        HashSet<Cid> seen = [];
        Stack<IEnumerator<DagStep>> path = new();
        path.Push(new List<DagStep> { _root.Root }.GetEnumerator());
        while (path.TryPeek(out IEnumerator<DagStep>? level))
        {
            if (!level.MoveNext())
            {
                path.Pop().Dispose();
            }
            else if (seen.Add(level.Current.Block.Cid))
            {
                yield return level.Current.Block;
                path.Push(level.Current.Children.GetEnumerator());
            }
        }
    }

    /// <summary>The root and all that is below it: a directory before what it holds, in the order of names.</summary>
    /// <exception cref="InvalidOperationException">The DAG was built without <see cref="ImportOptions.KeepBlocks"/>.</exception>
    public IEnumerable<DagEntry> Entries()
    {
        Stack<(string Path, DagNode Node)> left = new([("", _root)]);
        while (left.TryPop(out (string Path, DagNode Node) next))
        {
            yield return new DagEntry(next.Path, next.Node.Kind, next.Node.Cid, next.Node.FileSize, next.Node.CumulativeSize);
            string prefix = next.Path.Length == 0 ? "" : next.Path + "/";
            foreach ((string name, DagNode node) in next.Node.Entries.Reverse())
                left.Push((prefix + name, node));
        }
    }
}
