using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using Ipdr.Oci.Distribution;
using Ipdr.Oci.Distribution.Credentials;
using Ipdr.Oci.Faults;

namespace Ipdr.Oci.Tests.Distribution;

/// <summary>Certificates of single registries, held against a server that nobody else vouches for.</summary>
public sealed class RegistryCertificatesTests : IDisposable
{
    private const string Host = "registry.example:5000", Name = "registry.example";

    private readonly TemporaryFolder _folder = new();
    private readonly TestCertificates _certificates = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose()
    {
        _certificates.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public async Task An_authority_vouches_for_its_registry_and_for_no_other_name()
    {
        await WriteAsync("own", "ca.crt", _certificates.AuthorityPem);
        using RegistryTrust trust = Find("own")!;
        Assert.Null(await ConnectAsync(trust, _certificates.Sign(Name)));
        await Assert.ThrowsAsync<AuthenticationException>(() => ConnectAsync(trust, _certificates.Sign("other.example")));
        await Assert.ThrowsAsync<AuthenticationException>(() => ConnectAsync(trust, TestCertificates.SignSelf(Name)));
        using TestCertificates stranger = new();
        await Assert.ThrowsAsync<AuthenticationException>(() => ConnectAsync(trust, stranger.Sign(Name)));
    }

    [Fact]
    public async Task A_certificate_that_vouches_for_itself_is_taken_where_it_is_kept()
    {
        (string certificate, string key) = TestCertificates.SignSelf(Name);
        await WriteAsync("own", "registry.crt", certificate);
        using RegistryTrust trust = Find("own")!;
        Assert.Null(await ConnectAsync(trust, (certificate, key)));
    }

    [Fact]
    public async Task Who_we_are_is_shown_to_the_registry_and_to_nobody_else()
    {
        (string certificate, string key) = _certificates.Sign("somebody");
        await WriteAsync("own", "ca.crt", _certificates.AuthorityPem);
        await WriteAsync("own", "client.cert", certificate);
        await WriteAsync("own", "client.key", key);
        using RegistryTrust trust = Find("own")!;
        Assert.Equal("CN=somebody", await ConnectAsync(trust, _certificates.Sign(Name), asksBack: true));
        Assert.Null(await ConnectAsync(trust, _certificates.Sign("cdn.example"), "cdn.example", asksBack: true));
    }

    [Fact]
    public async Task The_first_folder_that_is_there_counts_and_other_registries_have_none()
    {
        await WriteAsync("first", "ca.crt", _certificates.AuthorityPem);
        using TestCertificates other = new();
        await WriteAsync("second", "ca.crt", other.AuthorityPem);
        using RegistryTrust trust = Find("absent", "first", "second")!;
        Assert.Equal(_certificates.AuthorityPem, Assert.Single(trust.Authorities).ExportCertificatePem());
        Assert.Null(new RegistryCertificates(_folder.File("first")).Find(Name));
        Assert.Null(RegistryCertificates.None.Find(Host));
    }

    [Theory]
    [InlineData("ca.crt", "this is no certificate")]
    [InlineData("client.cert", "its key is not there")]
    [InlineData("client.key", "its certificate is not there")]
    public async Task What_cannot_be_used_is_told_with_its_place(string file, string content)
    {
        await WriteAsync("own", file, content);
        Fault fault = Assert.Throws<IpdrException>(() => Find("own")).Fault;
        Assert.Equal(FaultCode.BadSettings, fault.Code);
        Assert.Contains(_folder.File("own"), fault.Where, StringComparison.Ordinal);
    }

    // What .NET 10 says of a server that ends the connection for want of a certificate.
    [Fact]
    public void A_connection_that_is_broken_off_hints_at_who_we_should_be()
    {
        HttpRequestException said = new("The SSL connection could not be established.", new ObjectDisposedException("SslStream"));
        Fault fault = RegistryFaults.Unreachable(new Uri($"https://{Host}/v2/"), said).Fault;
        Assert.Equal("the registry does not answer: it broke the connection off", fault.What);
        Assert.Contains("client.cert", fault.Remedy, StringComparison.Ordinal);
    }

    private RegistryTrust? Find(params string[] folders) => new RegistryCertificates([.. folders.Select(_folder.File)]).Find(Host);

    private async Task WriteAsync(string folder, string file, string content)
    {
        string path = Path.Combine(_folder.File(folder), Host);
        Directory.CreateDirectory(path);
        await File.WriteAllTextAsync(Path.Combine(path, file), content, Token);
    }

    // Gives whom the server saw; null for nobody.
    private static async Task<string?> ConnectAsync(RegistryTrust trust, (string Certificate, string Key) server, string name = Name, bool asksBack = false)
    {
        using TcpListener listener = new(IPAddress.Loopback, 0);
        listener.Start();
        Task<string?> serving = ServeAsync(listener, server, asksBack);
        using TcpClient client = new();
        await client.ConnectAsync((IPEndPoint)listener.LocalEndpoint, Token);
        await using SslStream stream = new(client.GetStream());
        SslClientAuthenticationOptions options = new() { TargetHost = name };
        trust.Configure(options);
        try
        {
            await stream.AuthenticateAsClientAsync(options, Token);
            await stream.WriteAsync(new byte[1], Token);
        }
        catch (AuthenticationException)
        {
            client.Close();
            await Task.WhenAny(serving);
            throw;
        }
        return await serving;
    }

    private static async Task<string?> ServeAsync(TcpListener listener, (string Certificate, string Key) own, bool asksBack)
    {
        using TcpClient peer = await listener.AcceptTcpClientAsync(Token);
        using X509Certificate2 certificate = X509Certificate2.CreateFromPem(own.Certificate, own.Key);
        await using SslStream stream = new(peer.GetStream());
        SslServerAuthenticationOptions options = new() { ServerCertificate = certificate, ClientCertificateRequired = asksBack, RemoteCertificateValidationCallback = (_, certificate, _, _) => certificate is null or { Subject: "CN=somebody" } };
        await stream.AuthenticateAsServerAsync(options, Token);
        await stream.ReadExactlyAsync(new byte[1], Token);
        return stream.RemoteCertificate?.Subject;
    }
}
