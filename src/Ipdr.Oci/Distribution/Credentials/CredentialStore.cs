using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;
using Ipdr.Oci.Faults;
using Ipdr.Oci.Images;

namespace Ipdr.Oci.Distribution.Credentials;

/// <summary>Finds what a registry is shown, where Docker's and podman's tools keep it.</summary>
/// <remarks>
/// In this order: <c>$DOCKER_AUTH_CONFIG</c>, <c>$REGISTRY_AUTH_FILE</c>, Docker's <c>config.json</c> (<c>$DOCKER_CONFIG</c>), containers' <c>auth.json</c>
/// of this session and of the user. In each: what is for a namespace of the registry, the registry's own helper, the helper for all, the file itself.
/// </remarks>
public sealed partial class CredentialStore
{
    private readonly Func<string, string?> _variable;
    private readonly string _home;
    private readonly string? _session;
    private readonly string? _only;
    private readonly Credential? _given;

    /// <param name="variable">The environment.</param>
    /// <param name="home">The user's folder.</param>
    /// <param name="session">Where containers' tools keep what lasts until the next start, where the session has no folder of its own.</param>
    internal CredentialStore(Func<string, string?> variable, string home, string? session = null) => (_variable, _home, _session) = (variable, home, session);

    private CredentialStore(string? only, Credential? given)
        : this(_ => null, "/nonexistent") => (_only, _given) = (only, given);

    /// <summary>With the variables of this process.</summary>
    public static CredentialStore OfProcess { get; } = new(
        Environment.GetEnvironmentVariable,
        Environment.GetFolderPath(Environment.SpecialFolder.UserProfile, Environment.SpecialFolderOption.DoNotVerify),
        OperatingSystem.IsLinux() ? string.Create(CultureInfo.InvariantCulture, $"/run/containers/{UserId()}") : null);

    /// <summary>Nobody.</summary>
    public static CredentialStore None { get; } = new(_ => null, "/nonexistent");

    /// <summary>What one file has, and the helpers that it names; nothing else is looked at.</summary>
    /// <param name="path">The file.</param>
    /// <exception cref="IpdrException">It is not there; <see cref="FaultCode.BadSettings"/>.</exception>
    public static CredentialStore OfFile(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        return File.Exists(path) ? new CredentialStore(path, null) : throw Absent(path);
    }

    /// <summary>The same for every registry.</summary>
    public static CredentialStore Of(Credential credential)
    {
        ArgumentNullException.ThrowIfNull(credential);
        return new CredentialStore(null, credential);
    }

    /// <summary>The file that credentials are added to: the first of those that are looked at.</summary>
    internal string WrittenPath => Paths().First();

    /// <summary>What the registry of an image is shown; null for nothing.</summary>
    /// <exception cref="IpdrException">A file or a helper cannot be used; <see cref="FaultCode.BadSettings"/>.</exception>
    public async ValueTask<Credential?> FindAsync(ImageReference image, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(image);
        return _given ?? (await LocateAsync(image, cancellationToken).ConfigureAwait(false))?.Credential;
    }

    /// <summary>Which variable or file has, or names the helper that has, what a registry is shown; null for none.</summary>
    /// <inheritdoc cref="FindAsync(ImageReference, CancellationToken)"/>
    public async ValueTask<string?> WhereAsync(RegistryAddress address, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(address);
        return (await LocateAsync(address.Image, cancellationToken).ConfigureAwait(false))?.Where;
    }

    private async ValueTask<(Credential Credential, string Where)?> LocateAsync(ImageReference image, CancellationToken cancellationToken)
    {
        foreach ((AuthFile file, string where) in Files())
        {
            if (await FindInAsync(file, image, cancellationToken).ConfigureAwait(false) is { } found)
                return (found, where);
        }
        return null;
    }

    private static async ValueTask<Credential?> FindInAsync(AuthFile file, ImageReference image, CancellationToken cancellationToken)
    {
        Dictionary<string, AuthEntry> entries = [];
        foreach ((string key, AuthEntry entry) in file.Auths ?? new Dictionary<string, AuthEntry>())
            entries.TryAdd(CredentialKeys.Plain(key), entry);
        foreach (string key in CredentialKeys.NamespacesOf(image))
        {
            if (file.CredHelpers?.GetValueOrDefault(key) is { Length: > 0 } helper)
                return await CredentialHelper.GetAsync(helper, key, cancellationToken).ConfigureAwait(false);
            if (entries.GetValueOrDefault(key)?.ToCredential() is { } found)
                return found;
        }
        foreach (string key in CredentialKeys.OfHost(image.Host))
        {
            if (file.CredHelpers?.GetValueOrDefault(key) is { Length: > 0 } helper)
                return await CredentialHelper.GetAsync(helper, key, cancellationToken).ConfigureAwait(false);
        }
        if (file.CredsStore is { Length: > 0 } store && await CredentialHelper.GetAsync(store, CredentialKeys.ForHelper(image.Host), cancellationToken).ConfigureAwait(false) is { } kept)
            return kept;
        return CredentialKeys.OfHost(image.Host).Select(key => entries.GetValueOrDefault(CredentialKeys.Plain(key))?.ToCredential()).FirstOrDefault(found => found is not null);
    }

    private IEnumerable<(AuthFile File, string Where)> Files()
    {
        if (_only is not null)
        {
            yield return (AuthFile.Read(_only) ?? throw Absent(_only), _only);
            yield break;
        }
        if (Set("DOCKER_AUTH_CONFIG") is { } inline)
            yield return (AuthFile.Parse(Encoding.UTF8.GetBytes(inline), "$DOCKER_AUTH_CONFIG"), "$DOCKER_AUTH_CONFIG");
        foreach (string path in Paths())
        {
            if (AuthFile.Read(path) is { } file)
                yield return (file, path);
        }
    }

    private IEnumerable<string> Paths()
    {
        if (Set("REGISTRY_AUTH_FILE") is { } named)
            yield return named;
        yield return Path.Combine(Set("DOCKER_CONFIG") ?? Path.Combine(_home, ".docker"), "config.json");
        if (Set("XDG_RUNTIME_DIR") is { } runtime)
            yield return Path.Combine(runtime, "containers", "auth.json");
        else if (_session is not null)
            yield return Path.Combine(_session, "auth.json");
        yield return Path.Combine(Set("XDG_CONFIG_HOME") ?? Path.Combine(_home, ".config"), "containers", "auth.json");
    }

    private static IpdrException Absent(string path) => new(new Fault(FaultCode.BadSettings, "there is no such file of credentials", path, $"Check the name, or make the file: ipdr login --authfile {path} HOST"));

    [LibraryImport("libc", EntryPoint = "getuid")]
    private static partial uint UserId();

    private string? Set(string name) => _variable(name) is { Length: > 0 } value ? value : null;
}
