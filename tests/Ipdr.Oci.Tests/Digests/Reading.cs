namespace Ipdr.Oci.Tests.Digests;

/// <summary>Reads a stream to its end in each of the ways.</summary>
internal static class Reading
{
    public static async Task<byte[]> ToEndAsync(Stream stream, ReadingWay way)
    {
        using MemoryStream content = new();
        byte[] buffer = new byte[7];
        switch (way)
        {
            case ReadingWay.Span:
                for (int n; (n = stream.Read(buffer.AsSpan())) > 0;)
                    content.Write(buffer, 0, n);
                break;
            case ReadingWay.Array:
                for (int n; (n = stream.Read(buffer, 1, 6)) > 0;)
                    content.Write(buffer, 1, n);
                break;
            case ReadingWay.ByteByByte:
                for (int value; (value = stream.ReadByte()) >= 0;)
                    content.WriteByte((byte)value);
                break;
            case ReadingWay.Memory:
                for (int n; (n = await stream.ReadAsync(buffer.AsMemory(), TestContext.Current.CancellationToken)) > 0;)
                    content.Write(buffer, 0, n);
                break;
            case ReadingWay.ArrayLater:
#pragma warning disable CA1835 // the overload that takes an array is what is tried
                for (int n; (n = await stream.ReadAsync(buffer, 1, 6, TestContext.Current.CancellationToken)) > 0;)
#pragma warning restore CA1835
                    content.Write(buffer, 1, n);
                break;
            case ReadingWay.CopyTo:
                stream.CopyTo(content);
                break;
            case ReadingWay.CopyToLater:
                await stream.CopyToAsync(content, TestContext.Current.CancellationToken);
                break;
            default:
                throw new ArgumentOutOfRangeException(nameof(way));
        }
        return content.ToArray();
    }
}
