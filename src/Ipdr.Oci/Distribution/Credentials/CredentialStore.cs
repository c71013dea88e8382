using System.Text;
using System.Text.Json;
using Ipdr.Oci.Faults;
using Ipdr.Oci.Images;

namespace Ipdr.Oci.Distribution.Credentials;

/// <summary>Finds what a registry is shown, where Docker's and podman's tools keep it.</summary>
/// <remarks>
/// In this order: <c>$DOCKER_AUTH_CONFIG</c>, <c>$REGISTRY_AUTH_FILE</c>, Docker's <c>config.json</c> (<c>$DOCKER_CONFIG</c>), containers' <c>auth.json</c>
/// of this session and of the user. In each: the registry's own helper, the helper for all, the file itself.
/// </remarks>
public sealed class CredentialStore
{
    private const int MaxBytes = 1 << 20;
    private const string HubKey = "https://index.docker.io/v1/";

    private readonly Func<string, string?> _variable;
    private readonly string _home;

    internal CredentialStore(Func<string, string?> variable, string home) => (_variable, _home) = (variable, home);

    /// <summary>With the variables of this process.</summary>
    public static CredentialStore OfProcess { get; } = new(Environment.GetEnvironmentVariable, Environment.GetFolderPath(Environment.SpecialFolder.UserProfile, Environment.SpecialFolderOption.DoNotVerify));

    /// <summary>Nobody.</summary>
    public static CredentialStore None { get; } = new(_ => null, "/nonexistent");

    /// <summary>What the registry of an image is shown; null for nothing.</summary>
    /// <exception cref="IpdrException">A file or a helper cannot be used; <see cref="FaultCode.BadSettings"/>.</exception>
    public async ValueTask<Credential?> FindAsync(ImageReference image, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(image);
        foreach (AuthFile file in Files())
        {
            if (await FindAsync(file, image, cancellationToken).ConfigureAwait(false) is { } found)
                return found;
        }
        return null;
    }

    private static async ValueTask<Credential?> FindAsync(AuthFile file, ImageReference image, CancellationToken cancellationToken)
    {
        foreach (string key in Keys(image))
        {
            if (file.CredHelpers?.GetValueOrDefault(key) is { Length: > 0 } helper)
                return await CredentialHelper.GetAsync(helper, key, cancellationToken).ConfigureAwait(false);
        }
        if (file.CredsStore is { Length: > 0 } store
            && await CredentialHelper.GetAsync(store, image.Host == ImageReference.DockerHub ? HubKey : image.Host, cancellationToken).ConfigureAwait(false) is { } kept)
        {
            return kept;
        }
        Dictionary<string, AuthEntry> entries = [];
        foreach ((string key, AuthEntry entry) in file.Auths ?? new Dictionary<string, AuthEntry>())
            entries.TryAdd(Plain(key), entry);
        foreach (string key in Keys(image).Select(Plain))
        {
            if (entries.GetValueOrDefault(key)?.ToCredential() is { } found)
                return found;
        }
        return null;
    }

    // The longest that fits first: host/team/app, host/team, host.
    private static IEnumerable<string> Keys(ImageReference image)
    {
        for (string name = image.Name; name.Contains('/', StringComparison.Ordinal); name = name[..name.LastIndexOf('/')])
            yield return name;
        yield return image.Host;
        if (image.Host == ImageReference.DockerHub)
        {
            yield return HubKey;
            yield return "index.docker.io";
            yield return "registry-1.docker.io";
        }
    }

    // Older tools wrote a whole address.
    private static string Plain(string key)
    {
        int scheme = key.IndexOf("://", StringComparison.Ordinal);
        string rest = (scheme < 0 ? key : key[(scheme + 3)..]).TrimEnd('/');
        return rest.EndsWith("/v1", StringComparison.Ordinal) || rest.EndsWith("/v2", StringComparison.Ordinal) ? rest[..^3] : rest;
    }

    private IEnumerable<AuthFile> Files()
    {
        if (Set("DOCKER_AUTH_CONFIG") is { } inline)
            yield return Parse(Encoding.UTF8.GetBytes(inline), "$DOCKER_AUTH_CONFIG");
        foreach (string path in Paths())
        {
            if (Read(path) is { } content)
                yield return Parse(content, path);
        }
    }

    private IEnumerable<string> Paths()
    {
        if (Set("REGISTRY_AUTH_FILE") is { } named)
            yield return named;
        yield return Path.Combine(Set("DOCKER_CONFIG") ?? Path.Combine(_home, ".docker"), "config.json");
        if (Set("XDG_RUNTIME_DIR") is { } runtime)
            yield return Path.Combine(runtime, "containers", "auth.json");
        yield return Path.Combine(Set("XDG_CONFIG_HOME") ?? Path.Combine(_home, ".config"), "containers", "auth.json");
    }

    private string? Set(string name) => _variable(name) is { Length: > 0 } value ? value : null;

    private static byte[]? Read(string path)
    {
        try
        {
            using FileStream file = new(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            byte[] content = new byte[Math.Min(file.Length, MaxBytes)];
            file.ReadExactly(content);
            return content;
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            return null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw Broken(path, e);
        }
    }

    private static AuthFile Parse(byte[] content, string where)
    {
        try
        {
            return content.Length == 0 ? new AuthFile() : JsonSerializer.Deserialize(content, CredentialJson.Default.AuthFile) ?? new AuthFile();
        }
        catch (JsonException e)
        {
            throw Broken(where, e);
        }
    }

    private static IpdrException Broken(string where, Exception e) =>
        new(new Fault(FaultCode.BadSettings, e is JsonException ? "it is not the JSON of a file of credentials" : e.Message.TrimEnd('.'), where, "Mend the file, or log in again."), e);
}
