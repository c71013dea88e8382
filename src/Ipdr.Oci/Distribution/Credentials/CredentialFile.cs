using Ipdr.Oci.Faults;
using Ipdr.Oci.Staging;

namespace Ipdr.Oci.Distribution.Credentials;

/// <summary>The file that logins are added to: Docker's <c>config.json</c>, or one of the same form. Where it names a credential helper, that gets them.</summary>
/// <remarks>
/// Docker's file rather than containers' <c>auth.json</c>, since Docker, podman, skopeo, buildah and oras all look there. Of <c>credHelpers</c> the one of the registry, else
/// <c>credsStore</c>, else <c>auths</c>. Helpers know nothing of namespaces, so what is for one goes into the file.
/// </remarks>
public sealed class CredentialFile
{
    private readonly string _path;

    private CredentialFile(string path) => _path = path;

    /// <summary><c>$REGISTRY_AUTH_FILE</c>, else <c>$DOCKER_CONFIG/config.json</c>, else <c>~/.docker/config.json</c>.</summary>
    public static CredentialFile OfProcess { get; } = new(CredentialStore.OfProcess.WrittenPath);

    /// <summary>A file of one's own; it need not be there yet.</summary>
    public static CredentialFile At(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        return new CredentialFile(path);
    }

    /// <summary>Keeps what a registry is shown.</summary>
    /// <param name="address">The registry, or a namespace of it.</param>
    /// <param name="credential">Name and password.</param>
    /// <param name="cancellationToken">Gives up; the file is then as it was.</param>
    /// <exception cref="IpdrException">The file or the helper cannot be used, and nothing was changed in the file.</exception>
    public async Task<CredentialKeeper> StoreAsync(RegistryAddress address, Credential credential, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(address);
        ArgumentNullException.ThrowIfNull(credential);
        if (credential.Kind != CredentialKind.Password)
            throw new ArgumentException("only passwords are kept", nameof(credential));
        if (HelperOf(Read(), address) is { } helper)
        {
            await CredentialHelper.StoreAsync(helper.Name, helper.Server, credential, cancellationToken).ConfigureAwait(false);
            await ChangeAsync(document => document.EnterHelped(address), cancellationToken).ConfigureAwait(false);
            return new CredentialKeeper(_path, helper.Name);
        }
        await ChangeAsync(document => document.Enter(address, credential), cancellationToken).ConfigureAwait(false);
        return new CredentialKeeper(_path);
    }

    /// <summary>Forgets what a registry is shown.</summary>
    /// <returns>Who had it, the helper or the file; none if nobody had.</returns>
    /// <exception cref="IpdrException">The file or the helper cannot be used.</exception>
    public async Task<IReadOnlyList<CredentialKeeper>> EraseAsync(RegistryAddress address, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(address);
        AuthFile? file = AuthFile.Read(_path);
        if (file is null)
            return [];
        List<CredentialKeeper> had = [];
        if (HelperOf(file, address) is { } helper && await CredentialHelper.EraseAsync(helper.Name, helper.Server, cancellationToken).ConfigureAwait(false))
            had.Add(new CredentialKeeper(_path, helper.Name));
        bool removed = false;
        await ChangeAsync(document => removed = document.Remove(address), cancellationToken).ConfigureAwait(false);
        if (removed)
            had.Add(new CredentialKeeper(_path));
        return had;
    }

    /// <summary>Forgets all that the file has, and all that its helpers list.</summary>
    /// <returns>What is forgotten, by the key under which it was kept, and who had it.</returns>
    /// <exception cref="IpdrException">The file or a helper cannot be used.</exception>
    public async Task<IReadOnlyList<(string Key, CredentialKeeper Keeper)>> EraseAllAsync(CancellationToken cancellationToken = default)
    {
        AuthFile? file = AuthFile.Read(_path);
        if (file is null)
            return [];
        List<(string Key, CredentialKeeper Keeper)> had = [];
        foreach ((string server, string name) in await HelpedAsync(file, cancellationToken).ConfigureAwait(false))
        {
            if (await CredentialHelper.EraseAsync(name, server, cancellationToken).ConfigureAwait(false))
                had.Add((server, new CredentialKeeper(_path, name)));
        }
        await ChangeAsync(document => had.AddRange(document.Clear().Select(key => (key, new CredentialKeeper(_path)))), cancellationToken).ConfigureAwait(false);
        return had;
    }

    private static async Task<IReadOnlyList<(string Server, string Helper)>> HelpedAsync(AuthFile file, CancellationToken cancellationToken)
    {
        List<(string Server, string Helper)> helped = [.. (file.CredHelpers ?? new Dictionary<string, string>()).Where(entry => entry.Value.Length > 0).Select(entry => (entry.Key, entry.Value))];
        if (file.CredsStore is { Length: > 0 } store)
            helped.AddRange((await CredentialHelper.ListAsync(store, cancellationToken).ConfigureAwait(false)).Select(server => (server, store)));
        return helped;
    }

    private static (string Name, string Server)? HelperOf(AuthFile file, RegistryAddress address)
    {
        foreach (string key in address.Namespace is null ? CredentialKeys.OfHost(address.Host) : [address.Key])
        {
            if (file.CredHelpers?.GetValueOrDefault(key) is { Length: > 0 } helper)
                return (helper, key);
        }
        return address.Namespace is null && file.CredsStore is { Length: > 0 } store ? (store, CredentialKeys.ForHelper(address.Host)) : null;
    }

    private AuthFile Read() => AuthFile.Read(_path) ?? new AuthFile();

    private Task ChangeAsync(Action<AuthDocument> change, CancellationToken cancellationToken) => SharedFile.ChangeAsync(_path, AuthFile.ReadBytes, before =>
    {
        AuthDocument document = AuthDocument.Parse(before, _path);
        byte[] same = document.ToBytes();
        change(document);
        byte[] after = document.ToBytes();
        // What says nothing new keeps its bytes, and a file that would say nothing is not made.
        return after.AsSpan().SequenceEqual(same) ? null : after;
    }, cancellationToken);
}
