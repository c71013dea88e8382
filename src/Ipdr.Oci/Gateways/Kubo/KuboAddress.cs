using Ipdr.Oci.Faults;

namespace Ipdr.Oci.Gateways.Kubo;

/// <summary>Where a daemon's RPC API is: at a URL, or behind a Unix socket.</summary>
public sealed record KuboAddress
{
    // One multiaddr.
    private const int MaxFileBytes = 4096;

    private KuboAddress(Uri uri, string? socket) => (Uri, Socket) = (uri, socket);

    /// <summary>The URL, without <c>/api/v0</c>.</summary>
    public Uri Uri { get; }

    /// <summary>The socket's path; null where TCP is spoken.</summary>
    public string? Socket { get; }

    /// <summary>Where daemons listen unless they are told otherwise.</summary>
    public static KuboAddress Default { get; } = new(new Uri("http://127.0.0.1:5001"), null);

    /// <summary>Reads an address: a URL, <c>host:port</c>, a multiaddr, or <c>unix:/path</c>.</summary>
    /// <exception cref="IpdrException"><see cref="FaultCode.BadAddress"/>.</exception>
    public static KuboAddress Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        text = text.Trim();
        if (text.StartsWith("unix:", StringComparison.Ordinal))
            text = "/unix/" + text["unix:".Length..].TrimStart('/');
        if (Multiaddress.TryParse(text, out Multiaddress? multiaddress) && multiaddress.Socket is { } socket)
            return new KuboAddress(new Uri("http://localhost"), socket);
        Uri uri = GatewayAddress.Parse(text);
        string path = uri.AbsolutePath.TrimEnd('/');
        if (path.EndsWith("/api/v0", StringComparison.Ordinal))
            path = path[..^"/api/v0".Length];
        return new KuboAddress(new UriBuilder(uri) { Path = path }.Uri, null);
    }

    /// <summary>The same, with a name and password to show.</summary>
    public KuboAddress WithPassword(string user, string password) =>
        new(new UriBuilder(Uri) { UserName = Uri.EscapeDataString(user), Password = Uri.EscapeDataString(password) }.Uri, Socket);

    /// <summary>What the daemon on this machine says of itself: the file <c>api</c> in <c>$IPFS_PATH</c>, or in <c>~/.ipfs</c>; null if there is none.</summary>
    /// <exception cref="IpdrException">There is one that cannot be read, or has no address in it.</exception>
    public static KuboAddress? OfThisMachine()
    {
        string? home = Environment.GetEnvironmentVariable("IPFS_PATH");
        if (string.IsNullOrEmpty(home))
            home = Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile, Environment.SpecialFolderOption.DoNotVerify), ".ipfs");
        string file = Path.Combine(home, "api");
        try
        {
            using FileStream stream = new(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite, bufferSize: 0);
            byte[] bytes = new byte[MaxFileBytes];
            return Parse(System.Text.Encoding.UTF8.GetString(bytes, 0, stream.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false)));
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            return null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new IpdrException(new Fault(FaultCode.Io, e.Message.TrimEnd('.'), file, "Name the daemon with --ipfs-host."), e);
        }
        catch (IpdrException e)
        {
            throw new IpdrException(e.Fault.Within(file), e);
        }
    }

    /// <summary>The address as it stands in messages.</summary>
    public override string ToString() => Socket is null ? Uri.GetLeftPart(UriPartial.Authority) : $"unix:{Socket}";
}
