using System.Text;

namespace Ipdr.Oci.Tar;

/// <summary>The keywords of pax records that mean something here.</summary>
/// <remarks>POSIX pax, "pax Extended Header"; GNU tar manual, "Sparse Formats".</remarks>
internal static class PaxKeyword
{
    public const string Path = "path";
    public const string LinkPath = "linkpath";
    public const string Size = "size";
    public const string Uid = "uid";
    public const string Gid = "gid";
    public const string UserName = "uname";
    public const string GroupName = "gname";
    public const string ModificationTime = "mtime";
    public const string Charset = "hdrcharset";
    public const string SparsePrefix = "GNU.sparse.";
    public const string SparseMajor = "GNU.sparse.major";
    public const string SparseMinor = "GNU.sparse.minor";
    public const string SparseName = "GNU.sparse.name";
    public const string SparseRealSize = "GNU.sparse.realsize";
    public const string SparseSize = "GNU.sparse.size";
    public const string SparseBlocks = "GNU.sparse.numblocks";
    public const string SparseMap = "GNU.sparse.map";
    public const string SparseOffset = "GNU.sparse.offset";
    public const string SparseLength = "GNU.sparse.numbytes";

    private static readonly string[] Frequent =
        [ModificationTime, "atime", "ctime", Path, LinkPath, Size, Uid, Gid, UserName, GroupName];

    /// <summary>The keyword as a string, one that exists already if it is a frequent one.</summary>
    public static string Decode(ReadOnlySpan<byte> keyword)
    {
        foreach (string known in Frequent)
        {
            if (Ascii.Equals(keyword, known))
                return known;
        }
        return TarText.Decode(keyword);
    }

    /// <summary>Whether a value is a name, in which no NUL may be.</summary>
    public static bool IsName(string keyword) => keyword is Path or LinkPath or UserName or GroupName or SparseName;
}
