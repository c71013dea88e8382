using System.Globalization;
using Ipdr.Oci.Faults;

namespace Ipdr.Server.Access;

/// <summary>The users of a file as <c>htpasswd -B</c> writes it: <c>user:$2y$…</c>, a line each.</summary>
internal sealed class HtpasswdFile
{
    // A file of this many bytes has ten thousand users.
    private const long MaxBytes = 1 << 20;

    private readonly Dictionary<string, string> _hashes;

    private HtpasswdFile(Dictionary<string, string> hashes, DateTime changed) => (_hashes, Changed) = (hashes, changed);

    /// <summary>When the file was changed last, as of the reading.</summary>
    public DateTime Changed { get; }

    /// <summary>Reads a file.</summary>
    /// <exception cref="IpdrException">It cannot be read, or a line is not a user with a bcrypt hash.</exception>
    public static HtpasswdFile Read(string path)
    {
        Dictionary<string, string> hashes = new(StringComparer.Ordinal);
        try
        {
            FileInfo file = new(path);
            if (file.Length > MaxBytes)
                throw new IpdrException(new Fault(FaultCode.Limit, $"the file has more than {MaxBytes} bytes", path, "Is this the right file?"));
            DateTime changed = file.LastWriteTimeUtc;
            int number = 0;
            foreach (string line in File.ReadLines(path))
                Add(hashes, line.Trim(), $"{path}{Fault.PlaceSeparator}line {++number}");
            return new HtpasswdFile(hashes, changed);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new IpdrException(new Fault(FaultCode.Io, e.Message.TrimEnd('.'), path, "Check the path given with --htpasswd."), e);
        }
    }

    /// <summary>The bcrypt hash of a user, or null.</summary>
    public string? HashOf(string user) => _hashes.GetValueOrDefault(user);

    private static void Add(Dictionary<string, string> hashes, string line, string where)
    {
        if (line.Length == 0 || line[0] == '#')
            return;
        int colon = line.IndexOf(':', StringComparison.Ordinal);
        string hash = line[(colon + 1)..];
        if (colon < 1 || !IsBcrypt(hash))
            throw new IpdrException(new Fault(FaultCode.BadHeader, "the line is not a user with a bcrypt hash", where, "Write the file with htpasswd -B."));
        hashes[line[..colon]] = hash;
    }

    // The cost is the power of two of the rounds, in two digits.
    private static bool IsBcrypt(string hash) => hash.Length == 60 && hash[6] == '$'
        && int.TryParse(hash.AsSpan(4, 2), NumberStyles.None, CultureInfo.InvariantCulture, out int cost) && cost is >= 4 and <= 31 && (hash.StartsWith("$2y$", StringComparison.Ordinal)
        || hash.StartsWith("$2b$", StringComparison.Ordinal) || hash.StartsWith("$2a$", StringComparison.Ordinal));
}
