using System.IO.Pipelines;
using System.Security.Cryptography;
using System.Text;
using Ipdr.Oci.Faults;
using Ipdr.Oci.Tar;

namespace Ipdr.Oci.Tests.Tar;

/// <summary>All that a reader says about an archive; its text is equal for equal results.</summary>
internal sealed record TarReading
{
    /// <summary>Bytes of a body that are kept by default; the rest of a longer one is skipped.</summary>
    private const int MaxBody = 1 << 20;

    public List<TarEntry> Entries { get; } = [];

    public List<byte[]> Bodies { get; } = [];

    public TarEnd End { get; private set; }

    public long Position { get; private set; }

    public long Trailing { get; private set; }

    public Fault? Fault { get; private set; }

    public TarEntry Single => Assert.Single(Entries);

    public static Task<TarReading> OfAsync(TarBuilder archive, TarReaderOptions? options = null) => OfAsync(archive.ToArray(), options);

    public static Task<TarReading> OfAsync(byte[] archive, TarReaderOptions? options = null, int maxBody = MaxBody) =>
        OfAsync(Feed.Whole(archive), options, maxBody: maxBody);

    public static async Task<TarReading> OfAsync(
        PipeReader input, TarReaderOptions? options = null, int bufferSize = 4096, int maxBody = MaxBody)
    {
        CancellationToken token = TestContext.Current.CancellationToken;
        TarReading reading = new();
        TarReader reader = new(input, options);
        byte[] buffer = new byte[bufferSize];
        try
        {
            while (await reader.ReadNextAsync(token) is { } entry)
            {
                reading.Entries.Add(entry);
                reading.Bodies.Add(await BodyAsync(reader, buffer, maxBody, token));
            }
            reading.End = reader.End;
            reading.Position = reader.Position;
            reading.Trailing = await reader.DrainAsync(token);
        }
        catch (TarFormatException e)
        {
            reading.Fault = e.Fault;
        }
        return reading;
    }

    public string BodyText(int index) => Encoding.UTF8.GetString(Bodies[index]);

    public override string ToString()
    {
        StringBuilder text = new();
        for (int i = 0; i < Entries.Count; i++)
        {
            TarEntry e = Entries[i];
            text.AppendLine(string.Join(
                '|', e.Name, e.Type, e.TypeFlag, e.Size, e.LinkName, e.Mode, e.Uid, e.Gid, e.UserName, e.GroupName, e.ModificationTime,
                e.DeviceMajor, e.DeviceMinor, e.IsSparse, e.HeaderOffset, e.BodyOffset));
            foreach ((string keyword, ReadOnlyMemory<byte> value) in e.PaxRecords.OrderBy(record => record.Key, StringComparer.Ordinal))
                text.AppendLine(keyword + "=" + Convert.ToHexString(value.Span));
            if (i < Bodies.Count)
                text.AppendLine(Convert.ToHexString(SHA256.HashData(Bodies[i])));
        }
        return text.AppendLine($"{End} {Position} {Trailing} {Fault}").ToString();
    }

    private static async Task<byte[]> BodyAsync(TarReader reader, byte[] buffer, int maxBody, CancellationToken token)
    {
        MemoryStream body = new();
        for (int n; body.Length < maxBody && (n = await reader.ReadBodyAsync(buffer, token)) > 0;)
            body.Write(buffer, 0, n);
        return body.ToArray();
    }
}
