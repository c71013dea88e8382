using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using System.Text;
using Ipdr.Oci.Faults;
using Ipdr.Oci.Resolution;

namespace Ipdr.Oci.Tests.Resolution;

/// <summary>TXT records as they come over the wire.</summary>
public sealed class DnsTextRecordsTests
{
    [Fact]
    public async Task Texts_in_parts_are_joined_and_the_smallest_ttl_holds()
    {
        using NameServer server = new(0, [(300, ["dnslink=", "/ipfs/x"]), (60, ["other"])]);
        TextRecords found = await new DnsTextRecords(server.Address).LookUpAsync("_dnslink.example.org", TestContext.Current.CancellationToken);
        Assert.Equal(["dnslink=/ipfs/x", "other"], found.Texts.Order(StringComparer.Ordinal));
        Assert.Equal(TimeSpan.FromSeconds(60), found.Lifetime);
    }

    [Fact]
    public async Task A_name_that_does_not_exist_has_no_records()
    {
        const int NotExistent = 3;
        using NameServer server = new(NotExistent, []);
        Assert.Empty((await new DnsTextRecords(server.Address).LookUpAsync("_dnslink.example.org", TestContext.Current.CancellationToken)).Texts);
    }

    [Fact]
    public async Task A_server_that_fails_is_told()
    {
        const int ServerFailure = 2;
        using NameServer server = new(ServerFailure, []);
        IpdrException failure = await Assert.ThrowsAsync<IpdrException>(() => new DnsTextRecords(server.Address).LookUpAsync("_dnslink.example.org", TestContext.Current.CancellationToken));
        Assert.Equal(FaultCode.NamesUnreachable, failure.Fault.Code);
    }

    /// <summary>Answers every question with the same records (RFC 1035, section 4).</summary>
    private sealed class NameServer : IDisposable
    {
        private readonly UdpClient _socket = new(new IPEndPoint(IPAddress.Loopback, 0));

        public NameServer(int code, (int Ttl, string[] Parts)[] records) => _ = AnswerAsync(code, records);

        public IPEndPoint Address => (IPEndPoint)_socket.Client.LocalEndPoint!;

        public void Dispose() => _socket.Dispose();

        private async Task AnswerAsync(int code, (int Ttl, string[] Parts)[] records)
        {
            const int HeaderLength = 12;
            try
            {
                while (true)
                {
                    UdpReceiveResult asked = await _socket.ReceiveAsync();
                    // The question ends after its name, type and class; what follows is an extension that is not repeated.
                    int end = Array.IndexOf(asked.Buffer, (byte)0, HeaderLength) + 5;
                    List<byte> answer = [.. asked.Buffer[..2], 0x81, (byte)(0x80 | code), 0, 1, 0, (byte)records.Length, 0, 0, 0, 0, .. asked.Buffer[HeaderLength..end]];
                    foreach ((int ttl, string[] parts) in records)
                    {
                        byte[] lifetime = new byte[4];
                        BinaryPrimitives.WriteInt32BigEndian(lifetime, ttl);
                        byte[] texts = [.. parts.SelectMany(part => Encoding.ASCII.GetBytes(part).Prepend((byte)part.Length))];
                        answer.AddRange([0xc0, HeaderLength, 0, 16, 0, 1, .. lifetime, 0, (byte)texts.Length, .. texts]);
                    }
                    await _socket.SendAsync(answer.ToArray(), asked.RemoteEndPoint);
                }
            }
            catch (Exception e) when (e is SocketException or ObjectDisposedException)
            {
                // The test is over.
            }
        }
    }
}
