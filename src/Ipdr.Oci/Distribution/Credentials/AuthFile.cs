using System.Globalization;
using System.Text.Json;
using Ipdr.Oci.Faults;

namespace Ipdr.Oci.Distribution.Credentials;

/// <summary>What is looked at of Docker's <c>config.json</c> and of containers' <c>auth.json</c>.</summary>
/// <param name="Auths">Secrets by registry, perhaps with a path.</param>
/// <param name="CredsStore">The helper that has all others.</param>
/// <param name="CredHelpers">Helpers by registry.</param>
internal sealed record AuthFile(
    IReadOnlyDictionary<string, AuthEntry>? Auths = null, string? CredsStore = null, IReadOnlyDictionary<string, string>? CredHelpers = null)
{
    /// <summary>What is read of such a file; people have some kilobytes.</summary>
    public const int MaxBytes = 1 << 20;

    /// <summary>Reads a file; null if it is not there.</summary>
    /// <exception cref="IpdrException">It cannot be read, or is something else; <see cref="FaultCode.BadSettings"/>.</exception>
    public static AuthFile? Read(string path) => ReadBytes(path) is { } content ? Parse(content, path) : null;

    /// <summary>The bytes of a file; null if it is not there.</summary>
    /// <exception cref="IpdrException">It cannot be read, or is too large; <see cref="FaultCode.BadSettings"/>.</exception>
    public static byte[]? ReadBytes(string path)
    {
        try
        {
            using FileStream file = new(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            // A pipe has no length.
            byte[] content = new byte[(file.CanSeek ? Math.Min(file.Length, MaxBytes) : MaxBytes) + 1];
            int count = file.ReadAtLeast(content, content.Length, throwOnEndOfStream: false);
            return count > MaxBytes ? throw Broken(path, $"it is larger than the {MaxBytes} bytes that are read") : content[..count];
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            return null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw Broken(path, e.Message.TrimEnd('.'), e);
        }
    }

    /// <summary>Reads what such a file has in it; nothing at all is one that says nothing.</summary>
    /// <exception cref="IpdrException">It is something else; <see cref="FaultCode.BadSettings"/>.</exception>
    public static AuthFile Parse(ReadOnlySpan<byte> content, string where)
    {
        try
        {
            return content.Length == 0 ? new AuthFile() : JsonSerializer.Deserialize(content, CredentialJson.Default.AuthFile) ?? new AuthFile();
        }
        catch (JsonException e)
        {
            throw Malformed(where, e);
        }
    }

    /// <summary>Says that a file is not what it should be, and at which line.</summary>
    private static IpdrException Malformed(string where, JsonException e) =>
        Broken(e.LineNumber is { } line ? string.Create(CultureInfo.InvariantCulture, $"{where} › line {line + 1}") : where, "it is not the JSON of a file of credentials", e);

    /// <summary>Says that a file cannot be used.</summary>
    public static IpdrException Broken(string where, string what, Exception? e = null) => new(new Fault(FaultCode.BadSettings, what, where, "Mend the file, or put it aside and log in again."), e);
}
