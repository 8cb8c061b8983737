using System.Text;
using System.Xml.Linq;
using AfirGen.Api.Durability;
using Microsoft.AspNetCore.DataProtection.Repositories;

namespace AfirGen.Api.Access;

/// <summary>The keys that protect sign-in cookies, one XML file each in the data folder, readable by its owner only.</summary>
internal sealed class SignInKeys(DataFolder folder) : IXmlRepository
{
    private const string Pattern = "*.xml";

    public IReadOnlyCollection<XElement> GetAllElements() =>
        Directory.Exists(folder.SignInKeysFolder)
            ? [.. Directory.EnumerateFiles(folder.SignInKeysFolder, Pattern).Order(StringComparer.Ordinal).Select(XElement.Load)]
            : [];

    public void StoreElement(XElement element, string friendlyName)
    {
        folder.RequireOpen();
        DataFolder.CreatePrivateFolder(folder.SignInKeysFolder);
        var name = string.Concat(friendlyName.Where(c => char.IsAsciiLetterOrDigit(c) || c == '-'));
        DataFolder.CreatePrivateFile(Path.Combine(folder.SignInKeysFolder, name + ".xml"), Encoding.UTF8.GetBytes(element.ToString()));
    }
}
