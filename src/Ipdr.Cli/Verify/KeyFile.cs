using System.Text;
using Ipdr.Cli.Usage;
using Ipdr.Oci.Faults;
using Ipdr.Oci.Signatures;

namespace Ipdr.Cli.Verify;

/// <summary>A file with a public key, as it is named on the command line.</summary>
internal static class KeyFile
{
    // A key of RSA with 16,384 bits has 3 KiB; certificates have some more.
    private const int MaxBytes = 64 << 10;

    /// <summary>Reads the keys, each once.</summary>
    /// <exception cref="UsageException">A file cannot be read, or holds no key that can be used.</exception>
    public static async Task<IReadOnlyList<SignatureKey>> ReadAllAsync(IEnumerable<string> paths, CancellationToken cancellationToken)
    {
        List<SignatureKey> keys = [];
        foreach (string path in paths.Distinct(StringComparer.Ordinal))
            keys.Add(await ReadAsync(path, cancellationToken).ConfigureAwait(false));
        return [.. keys.DistinctBy(key => key.Fingerprint)];
    }

    private static async Task<SignatureKey> ReadAsync(string path, CancellationToken cancellationToken)
    {
        try
        {
            FileStream file = new(path, FileMode.Open, FileAccess.Read, FileShare.Read, bufferSize: 0, FileOptions.Asynchronous);
            await using (file.ConfigureAwait(false))
            {
                byte[] content = new byte[MaxBytes + 1];
                int count = await file.ReadAtLeastAsync(content, content.Length, throwOnEndOfStream: false, cancellationToken).ConfigureAwait(false);
                return count <= MaxBytes ? SignatureKey.Parse(Encoding.UTF8.GetString(content, 0, count), path) : throw new UsageException($"--key {path}: the file is too large for a public key");
            }
        }
        catch (IpdrException e)
        {
            throw new UsageException($"--key {path}: {e.Fault.What}. {e.Fault.Remedy}");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException)
        {
            throw new UsageException($"--key {path}: the file cannot be read: {e.Message.TrimEnd('.')}");
        }
    }
}
