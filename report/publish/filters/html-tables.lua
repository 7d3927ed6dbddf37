-- Reads raw HTML that holds a table into pandoc's own table, so that every format shows it,
-- as Quarto does; other raw HTML stays as it is.
function RawBlock(block)
  if block.format == "html" and block.text:find("<table") then
    return pandoc.read(block.text, "html").blocks
  end
end
