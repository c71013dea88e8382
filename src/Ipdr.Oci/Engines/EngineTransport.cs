using System.IO.Pipes;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Ipdr.Oci.Faults;

namespace Ipdr.Oci.Engines;

/// <summary>Connects to engines: by socket, pipe or TCP, with TLS where that is set.</summary>
internal static class EngineTransport
{
    private static readonly TimeSpan ConnectTimeout = TimeSpan.FromSeconds(10);

    /// <summary>A client for one engine. The caller disposes of it.</summary>
    /// <exception cref="IpdrException">Certificates cannot be used; <see cref="FaultCode.BadSettings"/>.</exception>
    public static HttpClient Connect(EngineEndpoint endpoint)
    {
        SocketsHttpHandler handler = new()
        {
            ConnectTimeout = ConnectTimeout,
            AllowAutoRedirect = false,
            UseCookies = false,
            // A proxy's 127.0.0.1 is the proxy's own machine.
            UseProxy = endpoint.LocalPath is null && !endpoint.BaseAddress.IsLoopback,
        };
        if (endpoint.LocalPath is { } path)
            handler.ConnectCallback = endpoint.Address.Scheme == "unix" ? (_, token) => ConnectSocketAsync(path, token) : (_, token) => ConnectPipeAsync(path, token);
        if (endpoint.Tls is { } tls)
            handler.SslOptions = Options(tls);
        // Exports and loads take as long as they take; the caller gives up by its token.
        return new HttpClient(handler) { BaseAddress = endpoint.BaseAddress, Timeout = Timeout.InfiniteTimeSpan };
    }

    private static async ValueTask<Stream> ConnectSocketAsync(string path, CancellationToken cancellationToken)
    {
        Socket socket = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        try
        {
            await socket.ConnectAsync(new UnixDomainSocketEndPoint(path), cancellationToken).ConfigureAwait(false);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    private static async ValueTask<Stream> ConnectPipeAsync(string name, CancellationToken cancellationToken)
    {
        NamedPipeClientStream pipe = new(".", name, PipeDirection.InOut, PipeOptions.Asynchronous);
        try
        {
            await pipe.ConnectAsync(ConnectTimeout, cancellationToken).ConfigureAwait(false);
            return pipe;
        }
        catch
        {
            await pipe.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    private static SslClientAuthenticationOptions Options(EngineTls tls)
    {
        try
        {
            SslClientAuthenticationOptions options = new();
            if (tls is { Certificate: { } certificate, Key: { } key })
                options.ClientCertificates = [X509Certificate2.CreateFromPemFile(certificate, key)];
            if (!tls.Verify)
            {
#pragma warning disable CA5359 // What Docker's tools do with DOCKER_TLS and no DOCKER_TLS_VERIFY: the user said so.
                options.RemoteCertificateValidationCallback = (_, _, _, _) => true;
#pragma warning restore CA5359
            }
            else if (tls.Authority is { } authority)
            {
                options.CertificateChainPolicy = new X509ChainPolicy { TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck };
                options.CertificateChainPolicy.CustomTrustStore.ImportFromPemFile(authority);
            }
            return options;
        }
        catch (Exception e) when (e is CryptographicException or IOException or UnauthorizedAccessException)
        {
            throw new IpdrException(new Fault(FaultCode.BadSettings, $"the certificates for the engine cannot be used: {e.Message.TrimEnd('.')}", tls.Certificate ?? tls.Authority ?? "", "Check DOCKER_CERT_PATH: ca.pem, cert.pem and key.pem are PEM files."), e);
        }
    }
}
